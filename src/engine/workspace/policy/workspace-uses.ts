/** Who is at work in which workspace, so that none is taken away under somebody's hands. By the names of their directories. */
export class WorkspaceUses {
  readonly #users = new Map<string, number>();
  readonly #closed = new Map<string, Promise<unknown>>();
  readonly #afterwork = new Map<string, Promise<unknown>>();

  /** Begins to work there, once nobody takes the workspace away any more. Disposing of what it returns ends it. */
  async enter(name: string): Promise<Disposable> {
    for (let closed = this.#closed.get(name); closed !== undefined; closed = this.#closed.get(name))
      await closed;
    this.#users.set(name, (this.#users.get(name) ?? 0) + 1);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        const left = (this.#users.get(name) ?? 1) - 1;
        if (left === 0) this.#users.delete(name);
        else this.#users.set(name, left);
      },
    };
  }

  isBusy(name: string): boolean {
    return this.#users.has(name) || this.#closed.has(name);
  }

  /** Nobody is kept out by work that follows a run; but the workspace is not taken away before it is done. */
  follow(name: string, work: Promise<void>): void {
    const all = Promise.allSettled([this.#afterwork.get(name), work]).then(() => {
      if (this.#afterwork.get(name) === all) this.#afterwork.delete(name);
    });
    this.#afterwork.set(name, all);
  }

  /** Does the work while nobody is in the workspace, and nobody comes; false, and nothing is done, where somebody is. */
  async alone(name: string, work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy(name)) return false;
    const done = Promise.resolve(this.#afterwork.get(name)).then(work);
    this.#closed.set(
      name,
      done.catch(() => {}),
    );
    try {
      await done;
      return true;
    } finally {
      this.#closed.delete(name);
    }
  }
}

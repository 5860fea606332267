/** Runs tasks of the same key one after the other, in the order of the calls; those of other keys at the same time. */
export class OrderedTasks {
  readonly #last = new Map<string, Promise<unknown>>();

  /** The task's own result or failure; a failure does not hold up the next task. */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(task, task);
    const settled: Promise<void> = result.then(
      () => this.#forget(key, settled),
      () => this.#forget(key, settled),
    );
    this.#last.set(key, settled);
    return result;
  }

  #forget(key: string, settled: Promise<unknown>): void {
    if (this.#last.get(key) === settled) this.#last.delete(key);
  }
}

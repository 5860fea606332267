/** Runs tasks of the same key one after the other. */
export class OneAtATime {
  readonly #mostWaiting: number;
  readonly #queues = new Map<string, { last: Promise<unknown>; size: number }>();

  constructor(mostWaiting: number) {
    this.#mostWaiting = mostWaiting;
  }

  /** Undefined, and nothing is run, where too many wait already. */
  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result | undefined> {
    const queue = this.#queues.get(key) ?? { last: Promise.resolve(), size: 0 };
    if (queue.size > this.#mostWaiting) return undefined;
    this.#queues.set(key, queue);
    queue.size += 1;
    const turn = queue.last.then(task);
    queue.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      queue.size -= 1;
      if (queue.size === 0) this.#queues.delete(key);
    }
  }
}

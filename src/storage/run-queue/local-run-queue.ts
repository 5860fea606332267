import type { RunQueue } from './run-queue.ts';

/** For a database that one server has to itself. */
export class LocalRunQueue implements RunQueue {
  #listener: () => void = () => {};

  async announce(): Promise<void> {
    this.#listener();
  }

  async listen(onAnnounced: () => void): Promise<void> {
    this.#listener = onAnnounced;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener = () => {};
  }
}

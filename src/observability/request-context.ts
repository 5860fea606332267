import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string | undefined>();

/** Runs work, and all that it starts, as part of a request: its log lines have the id by themselves. */
export function withRequestId<Result>(id: string, work: () => Result): Result {
  return requestIds.run(id, work);
}

/** Runs work that a request happens to set off, yet that does not belong to it, such as a loop of the server. */
export function outsideRequests<Result>(work: () => Result): Result {
  return requestIds.exit(work);
}

/** The request that this is part of. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}

import { subscribe, unsubscribe } from 'node:diagnostics_channel';

export interface WatchedRequests extends Disposable {
  /** The URL of each request that `fetch` has sent in this process, in order. */
  readonly urls: readonly string[];
}

/** Clients that run in this process ask by `fetch`: this sees how often they do, and that they ask nobody else. */
export function watchRequests(): WatchedRequests {
  const urls: string[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: { readonly origin: string; readonly path: string } };
    urls.push(`${request.origin}${request.path}`);
  };
  subscribe('undici:request:create', note);
  return { urls, [Symbol.dispose]: () => unsubscribe('undici:request:create', note) };
}

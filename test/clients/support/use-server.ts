import { afterAll, beforeAll, expect } from 'vitest';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { startUpstream, type Upstream } from '../../support/upstream.ts';
import { type WatchedRequests, watchRequests } from './watch-requests.ts';

export interface ServerInUse {
  readonly upstream: Upstream;
  readonly server: TestApp;
  /** The URLs that the clients of this process have asked. */
  readonly asked: readonly string[];
}

/**
 * The whole server and its upstream, for the tests of this file. To be read within tests only. The file fails if a client
 * asks anybody but this machine.
 */
export function useServer(): ServerInUse {
  let running: (Omit<ServerInUse, 'asked'> & { readonly watched: WatchedRequests }) | undefined;
  beforeAll(async () => {
    const upstream = await startUpstream();
    running = { upstream, server: await startApp({ upstream }), watched: watchRequests() };
  });
  afterAll(async () => {
    await running?.server[Symbol.asyncDispose]();
    await running?.upstream[Symbol.asyncDispose]();
    running?.watched[Symbol.dispose]();
    expect(running?.watched.urls.filter((url) => new URL(url).hostname !== '127.0.0.1') ?? []).toEqual([]);
  });
  const need = () => {
    if (running === undefined) throw new Error('The server runs within tests only.');
    return running;
  };
  return {
    get upstream() {
      return need().upstream;
    },
    get server() {
      return need().server;
    },
    get asked() {
      return need().watched.urls;
    },
  };
}

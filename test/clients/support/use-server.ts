import { afterAll, beforeAll } from 'vitest';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { startUpstream, type Upstream } from '../../support/upstream.ts';

export interface ServerInUse {
  readonly upstream: Upstream;
  readonly server: TestApp;
}

/** The whole server and its upstream, for the tests of this file. To be read within tests only. */
export function useServer(): ServerInUse {
  let running: ServerInUse | undefined;
  beforeAll(async () => {
    const upstream = await startUpstream();
    running = { upstream, server: await startApp({ upstream }) };
  });
  afterAll(async () => {
    await running?.server[Symbol.asyncDispose]();
    await running?.upstream[Symbol.asyncDispose]();
  });
  const need = (): ServerInUse => {
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
  };
}

import { rm } from 'node:fs/promises';
import { createApp } from '../src/app/index.ts';
import type { Engine } from '../src/engine/index.ts';
import { noUsage, type TurnEvent } from '../src/turn/index.ts';
import { temporaryDirectory } from '../test/support/start-app.ts';
import { timeToFirstToken } from './measure.ts';

/** An engine that answers at once: what is left is HTTP, decoding, encoding and the client itself. */
const instantEngine: Engine = {
  async *runTurn(): AsyncGenerator<TurnEvent> {
    yield { type: 'started', model: 'instant', source: 'new' };
    yield { type: 'text.started' };
    yield { type: 'text.delta', text: 'ok' };
    yield { type: 'done', stopReason: 'end', usage: noUsage };
  },
  workspaces: {
    placeOf: async () => undefined,
    open: async () => undefined,
    write: async () => false,
    remove: async () => {},
    archive: async () => undefined,
    removeWorkspace: async () => true,
    isBusy: () => false,
    removeUnused: async () => 0,
  },
  workspaceBrowser: {
    ownId: (owner) => owner,
    idOf: ({ workspaceId }) => workspaceId,
    list: async () => [],
    listFiles: async () => undefined,
    open: async () => undefined,
    archive: async () => undefined,
    removeFile: async () => false,
    remove: async () => 'not_found',
  },
  rollBack: async () => null,
  removeOldCheckpoints: async () => 0,
  configure: () => {},
  started: async () => {},
  models: () => [],
  status: () => ({
    state: 'ready',
    credentials: { state: 'present' },
    injection: 'proven',
    sandbox: { state: 'off' },
    pool: { maxProcesses: 0, running: 0, idle: 0, spares: 0, queued: 0, queueLimit: 0 },
  }),
  [Symbol.asyncDispose]: async () => {},
};

/** Milliseconds to the first token, client included, per request. */
export async function httpOverhead(requests: number): Promise<number[]> {
  const directory = await temporaryDirectory();
  const variables = {
    PORT: '0',
    DATA_DIR: `${directory}/data`,
    WORKSPACE_ROOT: `${directory}/workspace`,
    LOG_LEVEL: 'silent',
  };
  const app = await createApp({ variables }, { engine: instantEngine });
  const baseUrl = `${await app.listen()}/v1`;
  const times: number[] = [];
  for (let index = 0; index < requests; index++) {
    const { milliseconds } = await timeToFirstToken(baseUrl, 'model', [{ role: 'user', content: 'hi' }]);
    // The first requests load code.
    if (index >= 10) times.push(milliseconds);
  }
  await app[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
  return times;
}

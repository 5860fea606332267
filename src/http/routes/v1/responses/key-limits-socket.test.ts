import { afterEach, describe, expect, test, vi } from 'vitest';
import { says } from '../../../testing/scripted-engine.ts';
import { type IssuedKey, type KeyServer, startKeyServer } from '../../../testing/start-key-server.ts';

const patience = { timeout: 10_000 };
const actor = { name: 'admin', address: null };

let server: KeyServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(): Promise<KeyServer> {
  server = await startKeyServer(() => says('Hello'));
  return server;
}

interface Frame {
  readonly type: string;
  readonly status?: number;
  readonly error?: { readonly code: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks over a connection, and gives the last frame of the answer. */
async function connect({ app }: KeyServer, { headers }: IssuedKey) {
  const socket = await app.injectWS('/v1/responses', { headers: { host: '127.0.0.1', ...headers } });
  const ends: Frame[] = [];
  socket.on('message', (data: { toString(): string }) => {
    const frame: Frame = JSON.parse(data.toString());
    if (/^error$|completed$|failed$/.test(frame.type)) ends.push(frame);
  });
  return {
    socket,
    async ask(more: object = {}): Promise<Frame | undefined> {
      const before = ends.length;
      socket.send(JSON.stringify({ type: 'response.create', model: 'sonnet', input: 'Hi', ...more }));
      await vi.waitFor(() => expect(ends.length).toBeGreaterThan(before), patience);
      return ends.at(-1);
    },
  };
}

describe('a connection of a key', () => {
  test('is opened only to one that is right', async () => {
    const server = await start();
    const key = await server.issue();
    await server.keys.update(key.key.id, { active: false }, actor);
    await expect(connect(server, key)).rejects.toThrow('401');
  });

  test('counts each response, and tells a refusal with the headers that it has over HTTP', async () => {
    const server = await start();
    const key = await server.issue({ limits: { requestsPerMinute: 2 } });
    const { socket, ask } = await connect(server, key);
    expect(await ask()).toMatchObject({ type: 'response.completed' });
    expect(await ask({ generate: false, store: false })).toMatchObject({ type: 'response.completed' });
    expect(await ask()).toMatchObject({
      type: 'error',
      status: 429,
      error: { code: 'rate_limit_exceeded' },
      headers: {
        'retry-after': expect.stringMatching(/^\d+$/),
        'x-ratelimit-limit-requests': '2',
        'x-ratelimit-remaining-requests': '0',
      },
    });
    expect(server.turnsOf(key)).toHaveLength(1);
    socket.terminate();
  });

  test('is held to what the key may do at each response', async () => {
    const server = await start();
    const key = await server.issue({ permissions: { builtInTools: ['Read'] } });
    const { socket, ask } = await connect(server, key);
    expect(await ask()).toMatchObject({ type: 'response.completed' });
    expect(server.turnsOf(key)[0]?.profile.builtInTools).toEqual(['Read']);
    await server.keys.update(key.key.id, { permissions: { models: ['opus'] } }, actor);
    expect(await ask()).toMatchObject({ status: 403, error: { code: 'not_allowed' } });
    await server.keys.rotate(key.key.id, 0, actor);
    expect(await ask()).toMatchObject({ status: 401, error: { code: 'invalid_api_key' } });
    expect(server.turnsOf(key)).toHaveLength(1);
    socket.terminate();
  });
});

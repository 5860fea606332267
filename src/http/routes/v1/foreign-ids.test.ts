import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { says } from '../../testing/scripted-engine.ts';
import { type IssuedKey, type KeyServer, startKeyServer } from '../../testing/start-key-server.ts';

let server: KeyServer;
let owner: IssuedKey;
let stranger: IssuedKey;
let responseId: string;
let backgroundId: string;
let inputItemId: string;
let conversationId: string;
let itemId: string;

beforeAll(async () => {
  server = await startKeyServer(() => says('Hello'));
  owner = await server.issue();
  stranger = await server.issue();
  const ask = async (url: string, payload: object) => (await send(owner, 'POST', url, payload)).json();
  const asked = { model: 'sonnet', input: 'Hi' };
  responseId = (await ask('/v1/responses', asked)).id;
  backgroundId = (await ask('/v1/responses', { ...asked, background: true })).id;
  inputItemId = (await send(owner, 'GET', `/v1/responses/${responseId}/input_items`)).json().data[0].id;
  const items = [{ type: 'message', role: 'user', content: 'A secret.' }];
  conversationId = (await ask('/v1/conversations', { items })).id;
  itemId = (await send(owner, 'GET', `/v1/conversations/${conversationId}/items`)).json().data[0].id;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

type Method = 'GET' | 'POST' | 'DELETE';

function send({ headers }: Pick<IssuedKey, 'headers'>, method: Method, url: string, payload?: object) {
  return server.app.inject({ method, url, headers, ...(payload && { payload }) });
}

const item = { type: 'message', role: 'user', content: 'Hi' };
const asked = { model: 'sonnet', input: 'Go on.' };

/** What refers to something by its id, and the status for a stranger: always that of an id that is nowhere. */
const uses: readonly (readonly [Method, () => string, (() => object) | undefined, number])[] = [
  ['GET', () => `/v1/responses/${responseId}`, undefined, 404],
  ['GET', () => `/v1/responses/${backgroundId}?stream=true`, undefined, 404],
  ['GET', () => `/v1/responses/${responseId}/input_items`, undefined, 404],
  ['POST', () => `/v1/responses/${backgroundId}/cancel`, undefined, 404],
  ['DELETE', () => `/v1/responses/${responseId}`, undefined, 404],
  ['POST', () => '/v1/responses', () => ({ ...asked, previous_response_id: responseId }), 400],
  ['POST', () => '/v1/responses', () => ({ ...asked, conversation: conversationId }), 404],
  [
    'POST',
    () => '/v1/responses',
    () => ({ ...asked, input: [item, { type: 'item_reference', id: itemId }] }),
    404,
  ],
  [
    'POST',
    () => '/v1/responses',
    () => ({ ...asked, input: [item, { type: 'item_reference', id: inputItemId }] }),
    404,
  ],
  ['POST', () => '/v1/responses/compact', () => ({ ...asked, previous_response_id: responseId }), 400],
  ['POST', () => '/v1/responses/input_tokens', () => ({ ...asked, conversation: conversationId }), 404],
  ['GET', () => `/v1/conversations/${conversationId}`, undefined, 404],
  ['POST', () => `/v1/conversations/${conversationId}`, () => ({ metadata: { mine: 'yes' } }), 404],
  ['GET', () => `/v1/conversations/${conversationId}/items`, undefined, 404],
  ['POST', () => `/v1/conversations/${conversationId}/items`, () => ({ items: [item] }), 404],
  ['GET', () => `/v1/conversations/${conversationId}/items/${itemId}`, undefined, 404],
  ['DELETE', () => `/v1/conversations/${conversationId}/items/${itemId}`, undefined, 404],
  ['DELETE', () => `/v1/conversations/${conversationId}`, undefined, 404],
  ['POST', () => '/v1/conversations', () => ({ items: [{ type: 'item_reference', id: itemId }] }), 404],
];

describe("what another key's owner has is not there", () => {
  test.each(uses.map((use, index) => [index, ...use] as const))(
    '%d: %s',
    async (_, method, url, body, status) => {
      const runsBefore = server.engine.runs.length;
      const refused = await send(stranger, method, url(), body?.());
      expect(refused.statusCode).toBe(status);
      // Word for word what an id is told that is nowhere.
      const nowhere = (text: string): string =>
        [responseId, backgroundId, conversationId, itemId, inputItemId].reduce(
          (changed, id) => changed.replaceAll(id, `${id.slice(0, -4)}0000`),
          text,
        );
      const payload = body && JSON.parse(nowhere(JSON.stringify(body())));
      const unknown = await send(owner, method, nowhere(url()), payload);
      expect(unknown.statusCode).toBe(status);
      expect(nowhere(refused.body)).toBe(unknown.body);
      expect(server.engine.runs).toHaveLength(runsBefore);
    },
  );

  test('and is there for its owner all the time', async () => {
    const status = async (url: string) => (await send(owner, 'GET', url)).statusCode;
    expect(await status(`/v1/responses/${responseId}`)).toBe(200);
    expect(await status(`/v1/conversations/${conversationId}/items/${itemId}`)).toBe(200);
    const next = await send(owner, 'POST', '/v1/responses', { ...asked, previous_response_id: responseId });
    expect(next.statusCode).toBe(200);
  });

  test('not even for whoever asks without a key', async () => {
    server.access.keyRequired = false;
    const nobody = { headers: { authorization: 'Bearer anything' } };
    expect((await send(nobody, 'GET', `/v1/responses/${responseId}`)).statusCode).toBe(404);
    expect((await send(nobody, 'GET', `/v1/conversations/${conversationId}`)).statusCode).toBe(404);
    server.access.keyRequired = true;
  });
});

test('a rotated key has what it had before', async () => {
  const actor = { name: 'admin', address: null };
  const { secret } = await server.keys.rotate(owner.key.id, 0, actor);
  const renewed = { headers: { authorization: `Bearer ${secret}` } };
  expect((await send(renewed, 'GET', `/v1/responses/${responseId}`)).statusCode).toBe(200);
  expect((await send(owner, 'GET', `/v1/responses/${responseId}`)).statusCode).toBe(401);
});

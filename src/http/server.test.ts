import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { says, scriptedEngine } from './testing/scripted-engine.ts';
import { createTestServer, type TestServer, type TestServerOptions } from './testing/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(options: Omit<TestServerOptions, 'engine'> = {}): Promise<TestServer> {
  server = await createTestServer({ engine: scriptedEngine(() => says('Hello')), ...options });
  return server;
}

const chat = {
  method: 'POST',
  url: '/v1/chat/completions',
  payload: { model: 'sonnet', messages: [{ role: 'user', content: 'Hi' }] },
} as const;

describe('every response', () => {
  test('is named by an id of ours, its time and the version of the API', async () => {
    const { app } = await start();
    for (const url of ['/v1/models', '/nowhere', '/health']) {
      const { headers } = await app.inject(url);
      expect(headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
      expect(headers['openai-processing-ms']).toMatch(/^\d+$/);
      expect(headers['openai-version']).toBe('2020-10-01');
    }
  });

  test.each([
    ['kept where it is short and printable', 'my-id.1', /^my-id\.1$/],
    ['replaced where it is long', 'x'.repeat(129), /^req_/],
    ['replaced where it has spaces', 'a b', /^req_/],
    ['replaced where it is not ASCII', 'é', /^req_/],
  ])("the client's own id is %s", async (_name, given, expected) => {
    const { app } = await start();
    const { headers } = await app.inject({ url: '/', headers: { 'x-request-id': given } });
    expect(headers['x-request-id']).toMatch(expected);
  });
});

describe('a body', () => {
  test.each(['{"model":', '[1,', 'hello', '\u0000'])('that is not JSON (%j) is a 400', async (payload) => {
    const { app } = await start();
    const response = await app.inject({ ...chat, payload, headers: { 'content-type': 'application/json' } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({
      error: {
        message: expect.stringContaining('could not parse the JSON body'),
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    });
  });

  test.each([undefined, 'application/json', 'text/plain'])(
    'that is empty is a 400 (type %s)',
    async (type) => {
      const { app } = await start();
      const headers = type === undefined ? {} : { 'content-type': type };
      const response = await app.inject({ method: 'POST', url: chat.url, headers });
      expect(response.statusCode).toBe(400);
      expect(response.json().error.type).toBe('invalid_request_error');
    },
  );

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    'nonsense',
    '',
    'application/json; charset',
    '*/*',
    undefined,
  ])('is taken for JSON under the type %s', async (type) => {
    const { app } = await start();
    const headers = type === undefined ? {} : { 'content-type': type };
    const payload = Buffer.from(JSON.stringify(chat.payload));
    const response = await app.inject({ ...chat, payload, headers });
    expect(response.statusCode).toBe(200);
  });

  test('may begin with a byte order mark', async () => {
    const { app } = await start();
    const payload = `\ufeff${JSON.stringify(chat.payload)}`;
    expect((await app.inject({ ...chat, payload })).statusCode).toBe(200);
  });

  test('that is too large is a 413', async () => {
    const { app } = await start({ settings: { bodyLimitBytes: 100 } });
    const response = await app.inject({ ...chat, payload: { ...chat.payload, user: 'x'.repeat(100) } });
    expect(response.statusCode).toBe(413);
    expect(response.headers['x-should-retry']).toBe('false');
    expect(response.json().error).toMatchObject({
      type: 'invalid_request_error',
      code: 'request_too_large',
    });
  });

  test('cannot set a prototype', async () => {
    const { app } = await start();
    const payload = `{"__proto__":{"n":2},${JSON.stringify(chat.payload).slice(1)}`;
    const response = await app.inject({ ...chat, payload });
    expect(response.json().choices).toHaveLength(1);
  });
});

describe('an address', () => {
  test.each(['/v1/models', '/v1/models?', '/v1/models/', '/v1/models/?', '/v1/models?limit=5'])(
    '%s lists the models',
    async (url) => {
      const { app } = await start();
      const response = await app.inject({ url });
      expect(response.statusCode).toBe(200);
      expect(response.json()).toMatchObject({ object: 'list', data: expect.any(Array) });
    },
  );

  test.each(['/v1', '/v1/nothing', '//v1/models', '/v1//models', '/chat/completions'])(
    '%s is unknown',
    async (url) => {
      const { app } = await start();
      const response = await app.inject({ method: 'POST', url, payload: {} });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toEqual({
        error: {
          message: expect.stringContaining(`Unknown request URL: POST ${url}.`),
          type: 'invalid_request_error',
          param: null,
          code: 'unknown_url',
        },
      });
    },
  );

  test('that cannot be decoded is a 400', async () => {
    const { app } = await start();
    const response = await app.inject('/v1/models/%zz');
    expect(response.statusCode).toBe(400);
    expect(response.json().error.type).toBe('invalid_request_error');
    expect(response.headers['x-request-id']).toMatch(/^req_/);
  });

  test('with another method is a 405 that names the right ones', async () => {
    const { app } = await start();
    const response = await app.inject({ method: 'GET', url: '/v1/chat/completions' });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('POST, OPTIONS');
    expect(response.json().error).toMatchObject({
      type: 'invalid_request_error',
      code: 'method_not_supported',
    });
    const unread = await app.inject({ method: 'DELETE', url: '/v1/models/opus', payload: '{' });
    expect(unread.statusCode).toBe(405);
  });

  test('answers HEAD as GET, without a body', async () => {
    const { app } = await start();
    const response = await app.inject({ method: 'HEAD', url: '/v1/models' });
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe('');
    const other = await app.inject({ method: 'HEAD', url: chat.url });
    expect(other.statusCode).toBe(405);
  });

  test('the bare one points on', async () => {
    const { app } = await start();
    const response = await app.inject('/');
    expect(response.headers['content-type']).toContain('application/json');
    expect(response.json()).toMatchObject({ version: '1.2.3', api: '/v1', health: '/health' });
  });
});

test('an unexpected error is a bare 500, logged once with its cause', async () => {
  const { app, log } = await start();
  app.get('/breaks', async () => {
    throw new Error('secret detail');
  });
  const response = await app.inject('/breaks');
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('secret detail');
  expect(response.json().error).toMatchObject({ type: 'server_error', param: null, code: 'internal_error' });
  const told = log.filter((line) => JSON.stringify(line).includes('secret detail'));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ level: 50, requestId: response.headers['x-request-id'] });
});

test('while the server ends, open connections are told so and probes go on', async () => {
  const { app } = await start({ isShuttingDown: () => true });
  const response = await app.inject(chat);
  expect(response.statusCode).toBe(503);
  expect(response.headers['retry-after']).toBe('5');
  expect(response.headers.connection).toBe('close');
  expect(response.json().error.code).toBe('server_shutting_down');
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

describe('keys', () => {
  test.each([undefined, 'Bearer sk-anything', 'Bearer ', 'Basic abc'])(
    'in another form than ours are not looked at while none is asked for (%s)',
    async (authorization) => {
      const { app } = await start();
      const headers = authorization === undefined ? {} : { authorization };
      expect((await app.inject({ ...chat, headers })).statusCode).toBe(200);
    },
  );

  test.each([undefined, 'Bearer sk-anything'])(
    'none fits while one is asked for (%s)',
    async (authorization) => {
      const { app } = await start({ settings: { apiKeyRequired: true } });
      const headers = authorization === undefined ? {} : { authorization };
      for (const request of [chat, { url: '/v1/models' }, { url: '/v1/models/sonnet' }]) {
        const response = await app.inject({ ...request, headers });
        expect(response.statusCode).toBe(401);
        expect(response.json().error.code).toBe('invalid_api_key');
      }
      expect((await app.inject('/health/live')).statusCode).toBe(200);
    },
  );
});

describe('web pages', () => {
  const foreign = { origin: 'https://evil.example' };
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,x-stainless-os',
  };

  test('of a foreign origin are refused on every route but the probes, and are given no permission', async () => {
    const { app } = await start();
    for (const request of [chat, { url: '/v1/models' }, { url: '/' }, { url: '/nowhere' }]) {
      const response = await app.inject({ ...request, headers: foreign });
      expect(response.statusCode).toBe(403);
      expect(response.headers['access-control-allow-origin']).toBeUndefined();
      expect(response.json().error).toMatchObject({ type: 'permission_error', code: 'foreign_access' });
    }
    const health = await app.inject({ url: '/health', headers: foreign });
    expect(health.statusCode).toBe(200);
    expect(health.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('of a foreign origin get no permission from a preflight', async () => {
    const { app } = await start();
    for (const url of [chat.url, '/health']) {
      const response = await app.inject({ method: 'OPTIONS', url, headers: { ...foreign, ...preflight } });
      expect(response.headers['access-control-allow-origin']).toBeUndefined();
      expect(response.headers['access-control-allow-methods']).toBeUndefined();
    }
  });

  test('under a foreign name of this machine are refused', async () => {
    const { app } = await start();
    const response = await app.inject({ ...chat, headers: { host: 'rebound.example:3000' } });
    expect(response.statusCode).toBe(403);
  });

  test.each([
    ['of this machine', 'http://localhost:8080', {}],
    ['of a listed origin', 'https://chat.example', { corsOrigins: ['https://chat.example'] }],
  ])('%s may call and read', async (_name, origin, settings) => {
    const { app } = await start({ settings });
    const allowed = await app.inject({ method: 'OPTIONS', url: chat.url, headers: { origin, ...preflight } });
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': 'authorization,x-stainless-os',
    });
    const response = await app.inject({ ...chat, headers: { origin } });
    expect(response.statusCode).toBe(200);
    expect(response.headers['access-control-allow-origin']).toBe(origin);
    for (const header of ['x-request-id', 'x-claudecode-ignored', 'openai-processing-ms', 'retry-after']) {
      expect(response.headers['access-control-expose-headers']).toContain(header);
    }
  });

  test.each<['*' | string[], string]>([
    ['*', '*'],
    [['https://chat.example'], 'https://chat.example'],
  ])('of any origin in CORS_ORIGIN (%s) may call once a key is asked for', async (corsOrigins, expected) => {
    const { app } = await start({ settings: { apiKeyRequired: true, corsOrigins } });
    const headers = { origin: 'https://chat.example', host: 'api.example', ...preflight };
    const response = await app.inject({ method: 'OPTIONS', url: chat.url, headers });
    expect(response.statusCode).toBe(204);
    expect(response.headers['access-control-allow-origin']).toBe(expected);
  });

  test('read what a stream says, too', async () => {
    const running = await start();
    const origin = 'http://localhost:8080';
    const url = `${await running.listen()}${chat.url}`;
    const body = JSON.stringify({ ...chat.payload, stream: true });
    const response = await fetch(url, { method: 'POST', body, headers: { origin, 'x-request-id': 'mine' } });
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('x-request-id')).toBe('mine');
    expect(await response.text()).toContain('Hello');
  });
});

test('a client that speaks no HTTP is told so', async () => {
  const running = await start();
  const { port } = new URL(await running.listen());
  const answer = await new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

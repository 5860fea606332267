import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Endpoint, endpoints } from '../../contract/index.ts';
import { endpointNames, sampleCall } from '../testing/console-access.ts';
import {
  type Browser,
  type ConsoleServer,
  cookieOf,
  createConsoleServer,
} from '../testing/console-server.ts';

let server: ConsoleServer;
let admin: Browser;

beforeAll(async () => {
  server = await createConsoleServer();
});
beforeEach(async () => {
  server.fake.reset();
  admin = await server.signIn('admin');
});
afterAll(() => server[Symbol.asyncDispose]());

const changes = endpointNames.filter((name) => {
  const { method, access }: Endpoint = endpoints[name];
  return method !== 'GET' && access !== 'public';
});
const signIn: InjectOptions = sampleCall('signIn');
const createKey: InjectOptions = sampleCall('createKey');

describe('a change without the right CSRF token is refused', () => {
  test.each(changes)('%s', async (name) => {
    const other = await server.signIn('admin');
    const tokens = ['', 'x', `${admin.csrfToken}x`, admin.csrfToken.slice(0, -1), other.csrfToken];
    for (const token of tokens) {
      const answer = await admin.ask({ ...sampleCall(name), headers: { 'x-csrf-token': token } });
      expect(answer.statusCode).toBe(403);
      expect(answer.json().error.code).toBe('invalid_csrf_token');
    }
    expect(server.fake.done).toEqual([]);
    expect(server.fake.openSessions.size).toBe(2);
  });

  test('and one in the body or the query is none', async () => {
    const { csrfToken, cookie = '' } = admin;
    const headers = { cookie };
    const calls = [
      { url: `/api/webui/keys?x-csrf-token=${csrfToken}`, payload: { name: 'new' } },
      { url: '/api/webui/keys', payload: { name: 'new', _csrf: csrfToken } },
    ];
    for (const call of calls) {
      expect((await server.app.inject({ method: 'POST', ...call, headers })).statusCode).toBe(403);
    }
  });
});

test('each GET of the session tells a token that works', async () => {
  const tokens = [
    await admin.ask({ url: '/api/webui/session' }),
    await admin.ask({ url: '/api/webui/session' }),
  ].map((answer) => String(answer.json().csrfToken));
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) {
    expect((await admin.ask({ ...createKey, headers: { 'x-csrf-token': token } })).statusCode).toBe(200);
  }
});

describe('pages of other origins', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:81' },
    { origin: 'http://localhost.evil.example' },
    { origin: 'null' },
    { origin: 'file://' },
    { origin: 'http://localhost@evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.localhost', 'sec-fetch-site': 'same-site' },
  ];

  test.each(foreign)('cannot sign in or change anything: %j', async (headers) => {
    const before = server.fake.openSessions.size;
    for (const answer of [
      await server.nobody.ask({ ...signIn, headers }),
      await admin.ask({ ...createKey, headers }),
    ]) {
      expect(answer.statusCode).toBe(403);
      expect(answer.json().error.code).toBe('foreign_access');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(server.fake.done).toEqual([]);
    expect(server.fake.openSessions.size).toBe(before);
  });

  test('are not even told of by CORS, whatever CORS_ORIGIN says', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const calls: InjectOptions[] = [
      { url: '/api/webui/session' },
      { url: '/api/%77ebui/session' },
      { url: '/api/webui/session/' },
      { url: '/api/webui/nothing' },
      { url: '/api/webui/session', method: 'OPTIONS' },
      { url: '/api/%77ebui/session', method: 'OPTIONS' },
      { url: '/api/webui/session', method: 'PATCH' },
      signIn,
    ];
    for (const call of calls) {
      const answer = await admin.ask({ ...call, headers });
      const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      expect(names, `${call.method ?? 'GET'} ${call.url}`).toEqual([]);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });
});

test.each<Record<string, string>>([
  {},
  { origin: 'http://localhost:80' },
  { origin: 'http://localhost' },
  { origin: 'http://LOCALHOST' },
  { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  // A proxy that ends TLS and tells nothing of it, and one that hands on another Host.
  { host: 'localhost', origin: 'https://localhost' },
  { origin: 'https://console.example', 'sec-fetch-site': 'same-origin' },
])('pages of this server can: %j', async (headers) => {
  expect((await server.nobody.ask({ ...signIn, headers })).statusCode).toBe(200);
  expect((await admin.ask({ ...createKey, headers })).statusCode).toBe(200);
});

test('over TLS a page that came without it is foreign', async () => {
  const headers = { 'x-forwarded-proto': 'https', origin: 'http://localhost' };
  expect((await server.nobody.ask({ ...signIn, headers })).statusCode).toBe(403);
});

describe('what a page can send without asking first signs nobody in', () => {
  const form = 'username=admin&password=admin-password';
  const json = JSON.stringify(signIn.payload);
  test.each([
    ['application/x-www-form-urlencoded', form],
    ['text/plain', json],
    ['text/plain;x=application/json', json],
    ['multipart/form-data; boundary=x', json],
    [undefined, json],
  ])('%s', async (type, payload) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await server.nobody.ask({ ...signIn, payload, headers });
    expect(answer.statusCode).toBe(415);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('while JSON with a charset does', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await server.nobody.ask({ ...signIn, payload: json, headers })).statusCode).toBe(200);
  });
});

describe('the cookie', () => {
  const cookieFor = async (headers: Record<string, string>): Promise<string> =>
    String((await server.nobody.ask({ ...signIn, headers })).headers['set-cookie']);

  test('is for this server alone, and not for scripts', async () => {
    const cookie = await cookieFor({});
    expect(cookie).toMatch(
      /^claudecode_session=[\w-]{43}; Max-Age=3(?:600|599); Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test('is bound to TLS and to the host where the request came by TLS', async () => {
    const tls = { 'x-forwarded-proto': 'https' };
    const cookie = await cookieFor(tls);
    expect(cookie).toMatch(
      /^__Host-claudecode_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const token = /=([\w-]{43});/.exec(cookie)?.[1] ?? '';
    const ask = async (headers: Record<string, string>) =>
      (await server.app.inject({ url: '/api/webui/session', headers })).statusCode;
    expect(await ask({ ...tls, cookie: `__Host-claudecode_session=${token}` })).toBe(200);
    // What a neighbour under the same domain, or a page without TLS, could have planted.
    expect(await ask({ ...tls, cookie: `claudecode_session=${token}` })).toBe(401);
  });

  test('that was there before sign-in is never adopted', async () => {
    const planted = 'claudecode_session=planted-by-somebody-else';
    const answer = await server.nobody.ask({ ...signIn, headers: { cookie: planted } });
    expect(cookieOf(answer)).not.toBe(planted);
    const victim = await server.nobody.ask({ ...signIn, headers: { cookie: admin.cookie ?? '' } });
    expect(cookieOf(victim)).not.toBe(admin.cookie);
    for (const cookie of [planted, 'claudecode_session=', 'claudecode_session=%00', 'claudecode_session']) {
      expect((await server.app.inject({ url: '/api/webui/session', headers: { cookie } })).statusCode).toBe(
        401,
      );
    }
  });

  test('is taken back at sign-out, and worth nothing after it', async () => {
    const answer = await admin.ask({ method: 'DELETE', url: '/api/webui/session' });
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe('');
    expect(String(answer.headers['set-cookie'])).toMatch(/^claudecode_session=; Max-Age=0; .*HttpOnly/);
    expect((await admin.ask({ url: '/api/webui/session' })).statusCode).toBe(401);
    expect((await admin.ask(createKey)).statusCode).toBe(401);
  });

  test('of all sessions ends with the password', async () => {
    const second = await server.signIn('admin');
    const answer = await admin.ask(sampleCall('changePassword', 'admin'));
    for (const browser of [admin, second]) {
      expect((await browser.ask({ url: '/api/webui/session' })).statusCode).toBe(401);
    }
    const cookie = cookieOf(answer) ?? '';
    expect((await server.app.inject({ url: '/api/webui/session', headers: { cookie } })).statusCode).toBe(
      200,
    );
  });

  test('is not set by a sign-in that failed', async () => {
    const answer = await server.nobody.ask({ ...signIn, payload: { username: 'admin', password: 'wrong' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json().error).toMatchObject({ code: 'invalid_credentials', type: 'authentication_error' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

test('answers carry what keeps them out of caches and frames, refusals too', async () => {
  for (const answer of [
    await admin.ask({ url: '/api/webui/keys' }),
    await server.nobody.ask({ url: '/api/webui/keys' }),
  ]) {
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  }
});

test('what is done is signed with the name and the address of who did it', async () => {
  await admin.ask(createKey);
  expect(server.fake.done).toEqual(['create new by admin from 127.0.0.1']);
});

test('a viewer ends own sessions alone, and sees no others', async () => {
  const viewer = await server.signIn('viewer');
  const listed = (await viewer.ask({ url: '/api/webui/sessions' })).json();
  expect(listed.items).toMatchObject([{ id: 'session_1', username: 'viewer', current: true }]);
  expect((await viewer.ask({ method: 'DELETE', url: '/api/webui/sessions/session_0' })).statusCode).toBe(404);
  expect((await admin.ask({ url: '/api/webui/session' })).statusCode).toBe(200);
});

test('an answer that the contract does not allow is a fault of the server, and is not sent', async () => {
  const [key] = await server.fake.keys.list();
  if (key === undefined) throw new Error('There is no key.');
  vi.spyOn(server.fake.keys, 'list').mockResolvedValueOnce([{ ...key, createdAt: -1, name: 'a secret' }]);
  const answer = await admin.ask({ url: '/api/webui/keys' });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('secret');
  expect(JSON.stringify(server.log)).not.toContain('a secret');
});

test('a field that the contract does not have stays inside', async () => {
  const [key] = await server.fake.keys.list();
  if (key === undefined) throw new Error('There is no key.');
  vi.spyOn(server.fake.keys, 'list').mockResolvedValueOnce([{ ...key, ...{ secretHash: 'abcdef' } }]);
  const answer = await admin.ask({ url: '/api/webui/keys' });
  expect(answer.json().items).toEqual([key]);
});

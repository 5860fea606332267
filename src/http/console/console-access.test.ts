import { beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, type EndpointName, endpoints } from '../../contract/index.ts';
import {
  callers,
  endpointNames,
  formatAccessTable,
  promisedStatus,
  sampleCall,
  statusFor,
} from '../testing/console-access.ts';
import { createConsoleServer } from '../testing/console-server.ts';

describe('every route as nobody, viewer, admin and with a first password', () => {
  const statuses = new Map<EndpointName, readonly number[]>();
  beforeAll(async () => {
    await using server = await createConsoleServer();
    for (const name of endpointNames) {
      const row: number[] = [];
      for (const caller of callers) row.push(await statusFor(server, name, caller));
      statuses.set(name, row);
    }
  });

  test.each(endpointNames)('%s lets in whom the contract names', (name) => {
    expect(statuses.get(name)).toEqual(callers.map((caller) => promisedStatus(endpoints[name], caller)));
  });

  test('is as the table beside this test says', async () => {
    await expect(`${formatAccessTable(statuses)}\n`).toMatchFileSnapshot('./console-access.txt');
  });
});

test('each endpoint of the contract has one route, and there are no others', async () => {
  await using server = await createConsoleServer();
  const promised = Object.values<Endpoint>(endpoints).map(
    ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
  );
  expect(new Set(promised).size).toBe(promised.length);
  const there = server.routes
    .filter(({ method }) => method !== 'HEAD')
    .map((one) => `${one.method} ${one.url}`);
  expect(there.sort()).toEqual(promised.sort());
});

test('a refusal comes before the body is read', async () => {
  await using server = await createConsoleServer();
  const viewer = await server.signIn('viewer');
  for (const name of endpointNames) {
    const endpoint: Endpoint = endpoints[name];
    if (endpoint.body === undefined || endpoint.access !== 'admin') continue;
    const request = { ...sampleCall(name), headers: { 'content-type': 'application/json' }, payload: '{' };
    expect((await viewer.ask(request)).statusCode, name).toBe(403);
    expect((await server.nobody.ask(request)).statusCode, name).toBe(401);
  }
  expect(server.fake.done).toEqual([]);
});

test('a refusal says what it is for', async () => {
  await using server = await createConsoleServer();
  const [viewer, fresh] = [await server.signIn('viewer'), await server.signIn('fresh')];
  const codeOf = async (answer: Promise<{ json(): { error: { code: string } } }>) =>
    (await answer).json().error.code;
  expect(await codeOf(server.nobody.ask({ url: '/api/webui/keys' }))).toBe('no_session');
  expect(await codeOf(viewer.ask({ url: '/api/webui/users' }))).toBe('forbidden');
  expect(await codeOf(fresh.ask({ url: '/api/webui/keys' }))).toBe('password_change_required');
  expect(await codeOf(fresh.ask({ url: '/api/webui/users' }))).toBe('password_change_required');
});

test('a user with a first password can change it, and then go on', async () => {
  await using server = await createConsoleServer();
  const fresh = await server.signIn('fresh');
  const changed = await fresh.ask(sampleCall('changePassword', 'fresh'));
  expect(changed.json()).toMatchObject({ username: 'fresh', mustChangePassword: false });
  const cookie = String(changed.headers['set-cookie']).split(';', 1)[0] ?? '';
  const keys = await server.app.inject({ url: '/api/webui/keys', headers: { cookie } });
  expect(keys.statusCode).toBe(200);
  expect((await fresh.ask({ url: '/api/webui/session' })).statusCode).toBe(401);
});

test('a user who has to set up two-factor sign-in can do that, and nothing else', async () => {
  await using server = await createConsoleServer();
  for (const name of endpointNames) {
    const { access }: Endpoint = endpoints[name];
    if (access !== 'viewer' && access !== 'admin') continue;
    server.fake.reset();
    const answer = await (await server.signIn('bare')).ask(sampleCall(name));
    expect([answer.statusCode, answer.json().error.code], name).toEqual([403, 'two_factor_required']);
    expect(server.fake.done, name).toEqual([]);
  }
  const bare = await server.signIn('bare');
  expect((await bare.ask({ url: '/api/webui/session' })).json()).toMatchObject({ mustSetUpTwoFactor: true });
  for (const name of ['beginTwoFactor', 'turnOnTwoFactor', 'signOut'] as const) {
    expect((await bare.ask(sampleCall(name))).statusCode, name).toBeLessThan(300);
  }
});

test('HEAD is refused as GET is, and runs no export', async () => {
  await using server = await createConsoleServer();
  let asked = 0;
  server.fake.exported = async function* () {
    asked += 1;
    yield [];
  };
  const [viewer, admin] = [await server.signIn('viewer'), await server.signIn('admin')];
  for (const name of endpointNames) {
    const endpoint: Endpoint = endpoints[name];
    if (endpoint.method !== 'GET') continue;
    const call = { ...sampleCall(name), method: 'HEAD' } as const;
    const isFile = endpoint.response === 'file';
    const asNobody = endpoint.access === 'public' ? 200 : 401;
    expect((await server.nobody.ask(call)).statusCode, name).toBe(isFile ? 405 : asNobody);
    expect((await admin.ask(call)).statusCode, name).toBe(isFile ? 405 : 200);
    if (endpoint.access === 'admin') expect((await viewer.ask(call)).statusCode, name).toBe(403);
  }
  expect(asked).toBe(0);
});

test.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
  'the header %s changes nothing',
  async (header) => {
    await using server = await createConsoleServer();
    const viewer = await server.signIn('viewer');
    const call = { url: '/api/webui/keys/key_1', headers: { [header]: 'DELETE' } };
    expect((await viewer.ask(call)).json()).toMatchObject({ id: 'key_1' });
    const query = await viewer.ask({ url: '/api/webui/keys/key_1?_method=DELETE' });
    expect(query.statusCode).toBe(400);
    expect(server.fake.done).toEqual([]);
  },
);

import type { InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Endpoint, endpoints } from '../../contract/index.ts';
import { endpointNames, sampleCall } from '../testing/console-access.ts';
import { type Browser, type ConsoleServer, createConsoleServer } from '../testing/console-server.ts';

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
afterEach(() => expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]));

const json = { 'content-type': 'application/json' };
const createKey = (payload: unknown): InjectOptions => ({
  method: 'POST',
  url: '/api/webui/keys',
  headers: json,
  payload: JSON.stringify(payload),
});

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly message: string;
}

async function refusal(call: InjectOptions): Promise<Refusal> {
  const answer = await admin.ask(call);
  const { code, param, message } = answer.json().error;
  return { status: answer.statusCode, code, param, message };
}

describe('a body that is wrong is refused with the field at fault', () => {
  test.each<[unknown, string | null, RegExp]>([
    [{}, 'name', /^Missing required parameter: 'name'\.$/],
    [[], null, /expected an object, but got an array/],
    ['text', null, /expected an object, but got a string/],
    [{ name: ['a'] }, 'name', /expected a string, but got an array/],
    [{ name: '   ' }, 'name', /^Invalid 'name': Too small/],
    [{ name: 'a', expiresAt: '2030' }, 'expiresAt', /expected a number, but got a string/],
    [{ name: 'a', limits: { requestsPerMinute: 0 } }, 'limits.requestsPerMinute', /Too small/],
    [{ name: 'a', limits: [] }, 'limits', /expected an object, but got an array/],
    [
      { name: 'a', permissions: { workspace: 'all' } },
      'permissions.workspace',
      /Supported values are: 'own'/,
    ],
    [{ name: 'a', permissions: { profiles: ['ok', 'Not a slug'] } }, 'permissions.profiles[1]', /use a-z/],
  ])('%j', async (payload, param, message) => {
    expect(await refusal(createKey(payload))).toMatchObject({
      status: 400,
      param,
      message: expect.stringMatching(message),
    });
    expect(server.fake.done).toEqual([]);
  });
});

describe('a field that nobody knows is not dropped in silence', () => {
  test.each<[unknown, string]>([
    [{ name: 'a', budget: 5 }, 'budget'],
    [{ name: 'a', limits: { requestPerMinute: 5 } }, 'limits.requestPerMinute'],
    [{ name: 'a', permissions: { model: null } }, 'permissions.model'],
    [{ name: 'a', constructor: { prototype: { admin: true } } }, 'constructor'],
    [{ name: 'a', toString: 'x' }, 'toString'],
  ])('%j', async (payload, param) => {
    expect(await refusal(createKey(payload))).toEqual({
      status: 400,
      code: 'unknown_parameter',
      param,
      message: `Unknown parameter: '${param}'.`,
    });
  });

  test.each<[object, string]>([
    [{ systemPrompt: { mode: 'append', text: '', txt: '' } }, 'systemPrompt.txt'],
    [{ mcpServers: { a: { type: 'http', url: 'http://a.example', header: {} } } }, 'mcpServers.a.header'],
    [{ mcpServers: { a: { type: 'stdio', command: 'x', url: 'http://a.example' } } }, 'mcpServers.a.url'],
    [{ subagents: { a: { description: 'x', prompt: 'y', tool: [] } } }, 'subagents.a.tool'],
  ])('deep in a profile: %j', async (payload, param) => {
    const call: InjectOptions = { method: 'PUT', url: '/api/webui/profiles/own', payload };
    expect(await refusal(call)).toMatchObject({ status: 400, code: 'unknown_parameter', param });
  });

  test('in a query, or in a body where none is expected', async () => {
    const query = await refusal({ url: '/api/webui/records?stauts=error' });
    expect(query).toMatchObject({ status: 400, code: 'unknown_parameter', param: 'stauts' });
    const body = await refusal({
      method: 'POST',
      url: '/api/webui/runs/run_1/stop',
      payload: { force: true },
    });
    expect(body).toMatchObject({ status: 400, code: 'unknown_parameter', param: 'force' });
    expect(server.fake.done).toEqual([]);
  });
});

describe('a query', () => {
  test.each([
    ['records?limit=0', 'limit'],
    ['records?limit=201', 'limit'],
    ['records?limit=many', 'limit'],
    ['records?limit=1&limit=2', 'limit'],
    ['records?status=99', 'status'],
    ['records/export?format=xml', 'format'],
    ['stats?from=1', 'to'],
    ['stats?from=&to=1', 'from'],
    ['stats?from=1&to=2&step=week', 'step'],
    [`records?text=${'x'.repeat(300)}`, 'text'],
    ['records?text=%00', 'text'],
  ])('%s names %s', async (path, param) => {
    expect(await refusal({ url: `/api/webui/${path}` })).toMatchObject({ status: 400, param });
  });

  test('without a value is none', async () => {
    const answer = await admin.ask({ url: '/api/webui/records?from=&text=&limit=' });
    expect(answer.statusCode).toBe(200);
  });
});

test('prototypes stay as they are', async () => {
  const payload = '{"name":"a","__proto__":{"active":false},"limits":{"__proto__":{"requestsPerMinute":7}}}';
  const answer = await admin.ask({ ...createKey({}), payload });
  expect(answer.json()).toMatchObject({ key: { active: true, limits: { requestsPerMinute: null } } });
  const changes = '{"changes":{"__proto__":"x","constructor":"x"}}';
  const settings = await refusal({
    method: 'PATCH',
    url: '/api/webui/settings',
    headers: json,
    payload: changes,
  });
  expect(settings).toMatchObject({ status: 400, param: 'constructor' });
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('of two fields by one name the last is meant, by everybody', async () => {
  const answer = await admin.ask({ ...createKey({}), payload: '{"name":"first","name":"second"}' });
  expect(answer.json()).toMatchObject({ key: { name: 'second' } });
  expect(server.fake.done).toEqual(['create second by admin from 127.0.0.1']);
});

test.each(['{', '{"name":"a"', 'name=a', '[1,', '\u0000', '{"name":"a"}{}'])(
  '%j is no JSON',
  async (payload) => {
    expect(await refusal({ ...createKey({}), payload })).toMatchObject({ status: 400, param: null });
  },
);

test('JSON that is nested without end is refused, not followed', async () => {
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  for (const payload of [
    deep(200_000),
    `{"name":${deep(200_000)}}`,
    `{"name":"a","permissions":{"workspace":${deep(10_000)}}}`,
    `{"name":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
  ]) {
    const answer = await admin.ask({ ...createKey({}), payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.body.length).toBeLessThan(1000);
  }
});

test('10 MB are refused before and while they are read', async () => {
  const payload = JSON.stringify({ name: 'x'.repeat(10 * 1024 * 1024) });
  expect((await admin.ask({ ...createKey({}), payload })).statusCode).toBe(413);
  const base = await server.app.listen({ port: 0, host: '127.0.0.1' });
  const body = new Blob([payload]).stream();
  const headers = { ...json, cookie: admin.cookie ?? '', 'x-csrf-token': admin.csrfToken };
  const sent = fetch(`${base}/api/webui/keys`, { method: 'POST', body, headers, duplex: 'half' });
  // The server may close the connection while the client still writes.
  const status = await sent.then(
    (answer) => answer.status,
    () => 413,
  );
  expect(status).toBe(413);
  expect(server.fake.done).toEqual([]);
});

test('a long value is not echoed as a whole', async () => {
  const { status, message } = await refusal(
    createKey({ name: 'a', permissions: { workspace: 'x'.repeat(100_000) } }),
  );
  expect(status).toBe(400);
  expect(message.length).toBeLessThan(600);
  const unknown = await refusal(createKey({ name: 'a', ['x'.repeat(100_000)]: 1 }));
  expect(unknown.message.length + String(unknown.param).length).toBeLessThan(1200);
});

describe('control characters are refused wherever they stand', () => {
  test.each(['\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085'])('%j', async (character) => {
    expect(await refusal(createKey({ name: `a${character}b` }))).toMatchObject({
      status: 400,
      param: 'name',
    });
    const tools = createKey({ name: 'a', permissions: { builtInTools: ['Read', character] } });
    expect(await refusal(tools)).toMatchObject({ status: 400, param: 'permissions.builtInTools[1]' });
    const payload = { changes: { [`a${character}`]: 'x' } };
    const setting = await refusal({ method: 'PATCH', url: '/api/webui/settings', payload });
    expect(setting).toMatchObject({ status: 400, param: 'changes' });
    expect(server.fake.done).toEqual([]);
  });

  test('but not line breaks in texts', async () => {
    const payload = { systemPrompt: { mode: 'append', text: 'one\r\n\ttwo\n' } };
    const answer = await admin.ask({ method: 'PUT', url: '/api/webui/profiles/own', payload });
    expect(answer.json()).toMatchObject(payload);
  });
});

test('no name gets into the headers', async () => {
  const text = 'a\r\nset-cookie: x=y\r\n\r\n<script>';
  for (const line of ['name', 'owner'])
    expect((await admin.ask(createKey({ name: 'a', [line]: text }))).statusCode).toBe(400);
  const answer = await admin.ask(createKey({ name: '<script>', description: text }));
  expect(answer.json()).toMatchObject({ key: { name: '<script>', description: text } });
  expect(answer.headers['set-cookie']).toBeUndefined();
  const found = await admin.ask({ url: '/api/webui/records/export?text=%0d%0aset-cookie:x=y' });
  expect(found.headers['set-cookie']).toBeUndefined();
  expect(found.headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/);
});

describe('ids', () => {
  const withId = endpointNames.filter((name) => {
    const { path, access }: Endpoint = endpoints[name];
    return path.includes('{') && access !== 'public';
  });

  test.each(withId)('%s: one that is unknown or no id at all is refused', async (name) => {
    const { path }: Endpoint = endpoints[name];
    const ids = [
      'unknown',
      '..%2f..%2fkeys',
      '%2e%2e',
      'a%2Fb',
      "'%20or%201=1--",
      'constructor',
      '__proto__',
    ];
    for (const id of ids) {
      const answer = await admin.ask({ ...sampleCall(name), url: path.replace(/\{\w+\}/, id) });
      // A profile is made by its name; the others have none such.
      const isNew = name === 'putProfile' && /^[a-z]+$/.test(id);
      expect([isNew ? 200 : 404, 400], `${name} ${id}`).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    }
    for (const id of ['%00', 'a%00b', 'x'.repeat(300), 'x'.repeat(2000), '%ff', '%']) {
      const answer = await admin.ask({ ...sampleCall(name), url: path.replace(/\{\w+\}/, id) });
      expect([400, 404, 414], `${name} ${id.slice(0, 20)}`).toContain(answer.statusCode);
    }
    const changed = server.fake.done.filter((line) => !/^put (unknown|constructor) /.test(line));
    expect(changed).toEqual([]);
  });

  test('of what is gone is unknown', async () => {
    const call: InjectOptions = { method: 'DELETE', url: '/api/webui/keys/key_1' };
    expect((await admin.ask(call)).statusCode).toBe(204);
    expect(await refusal(call)).toMatchObject({ status: 404, code: 'not_found' });
  });
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Endpoint, type EndpointName, endpoints } from '../../contract/index.ts';
import { parseInput } from '../console/parse-input.ts';
import { createConsoleServer } from '../testing/console-server.ts';
import { says, scriptedEngine } from '../testing/scripted-engine.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { type WatchedRoute, watchRoutes } from '../testing/watch-routes.ts';
import { buildDocument } from './build-document.ts';
import { consoleExamples } from './console-examples.ts';
import type { Operation } from './document.ts';
import { fileAnswers } from './file-answers.ts';
import { fileTable } from './file-operations.ts';
import { v1Answers } from './v1-answers.ts';
import { v1Table } from './v1-operations.ts';

const document = buildDocument('1.2.3');

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries<Operation>(item).map(([method, operation]) => ({ path, method, operation })),
);
const placesUnder = (prefix: string): string[] =>
  operations
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    .sort();

function places(routes: readonly WatchedRoute[], prefix: string): string[] {
  const found = routes
    .filter(({ method, url }) => method !== 'HEAD' && url.startsWith(prefix))
    .map(({ method, url }) => `${method} ${url.replace('*', '{model}').replaceAll(/:(\w+)/g, '{$1}')}`);
  return [...new Set(found)].sort();
}

/** Every object and text in the document, with where it stands. */
function* walk(value: unknown, pointer = '#'): Generator<readonly [string, unknown]> {
  yield [pointer, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* walk(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

const nodes = new Map(walk(document));

describe('the document is OpenAPI 3.1', () => {
  test('with all that has to be there', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'claudecode-api', version: '1.2.3' } });
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.summary).toMatch(/\.$/);
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
      expect(Object.keys(operation.responses).join()).toMatch(/^(?:101|20[04]),.*default$|^(?:101|200),426$/);
    }
  });

  test('every reference leads somewhere', () => {
    const references = [...nodes]
      .filter(([pointer]) => pointer.endsWith('/$ref'))
      .map(([, target]) => target);
    expect(references.length).toBeGreaterThan(100);
    for (const target of references) expect([...nodes.keys()]).toContain(target);
    expect([...nodes.keys()].filter((pointer) => /\/\$(?:defs|schema|id)$/.test(pointer))).toEqual([]);
  });

  test('every name in a path is a parameter, and the other way round', () => {
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      );
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  test('every security scheme is there, and every change on the console asks for the CSRF token', () => {
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { path, method, operation } of operations) {
      const used = operation.security.map((one) => Object.keys(one));
      expect(schemes).toEqual(expect.arrayContaining(used.flat()));
      const isPublic = ['signIn', 'confirmSignIn'].includes(operation.operationId);
      const forged = path.startsWith('/api/webui') && method !== 'get' && !isPublic;
      expect(
        used.every((one) => one.includes('csrfToken')),
        operation.operationId,
      ).toBe(forged);
    }
  });

  test('every schema is one that can be read', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const root = { ...schema, $defs: document.components.schemas };
      const text = JSON.stringify(root).replaceAll('#/components/schemas/', '#/$defs/');
      expect(() => z.fromJSONSchema(JSON.parse(text)), name).not.toThrow();
    }
  });

  test('any JSON is the only schema that got its name here', () => {
    const { anyOf } = document.components.schemas['JsonValue'] ?? {};
    expect(anyOf).toHaveLength(6);
    expect(anyOf).toContainEqual({ type: 'array', items: { $ref: '#/components/schemas/JsonValue' } });
  });
});

describe('the document and the server name the same', () => {
  test('under /v1', async () => {
    const servers: TestServer[] = [];
    const routes = await watchRoutes(async () => {
      servers.push(await createTestServer({ engine: scriptedEngine(() => says('Hi.')) }));
    });
    for (const server of servers) await server[Symbol.asyncDispose]();
    expect(placesUnder('/v1')).toEqual(places(routes, '/v1'));
  });

  test('under /api/webui', async () => {
    await using server = await createConsoleServer();
    expect(placesUnder('/api/webui')).toEqual(places(server.routes, '/api/webui'));
  });
});

test.each(Object.entries(consoleExamples))('the example of %s is one that works', (name, body) => {
  const endpoint: Endpoint = endpoints[name as EndpointName];
  const parsed = parseInput({ body: endpoint.body ?? z.never() }, { params: {}, query: {}, body });
  expect(parsed.body).toMatchObject(body);
});

test('the examples of /v1 work, and their answers have the forms that are told', async () => {
  const script = says('Seven.');
  await using server = await createTestServer({ engine: scriptedEngine(() => script) });
  const ids: Record<string, string> = { approvals: 'appr_1' };
  const told: string[] = [];
  // Deletions last, of what the others have made; parts before the whole.
  const deletions = v1Table.filter(({ method }) => method === 'delete').reverse();
  const inOrder = [...v1Table.filter(({ method }) => method !== 'delete'), ...deletions];
  for (const { id, method, path, example, answer } of inOrder) {
    if (answer === null || id === 'cancelResponse') continue;
    const kind = path.split('/')[2] ?? '';
    const url = path
      .replace('{model}', 'gpt-5')
      .replace('{id}', ids[kind] ?? '')
      .replace('{itemId}', ids['item'] ?? '');
    const result = await server.app.inject({ method, url, ...(example && { payload: example }) });
    expect(result.statusCode, `${id}: ${result.body}`).toBe(200);
    const { success, error } = v1Answers[answer].safeParse(result.json());
    expect(success, `${id}: ${error?.message}`).toBe(true);
    if (id === 'createResponse' || id === 'createConversation') ids[kind] = result.json().id;
    if (id === 'createConversationItems') ids['item'] = result.json().data[0].id;
    told.push(id);
  }
  expect(told).toHaveLength(v1Table.length - 2);
});

test('what is told of files is what they answer', async () => {
  await using server = await createTestServer({ engine: scriptedEngine(() => says('Done.')) });
  const ids: Record<string, string> = {};
  const form = 'multipart/form-data; boundary=b';
  const part = (header: string, body: string): string =>
    `--b\r\ncontent-disposition: form-data; ${header}\r\n\r\n${body}\r\n`;
  const payload = `${part('name="file"; filename="a.txt"', 'a')}${part('name="purpose"', 'vision')}--b--\r\n`;
  const deletions = fileTable.filter(({ method }) => method === 'delete').reverse();
  for (const entry of [...fileTable.filter(({ method }) => method !== 'delete'), ...deletions]) {
    const { id, method, path, answer } = entry;
    const kind = path.split('/')[2] ?? '';
    const url = path.replace('{id}', ids[kind] ?? '').replace('{fileId}', ids['file'] ?? '');
    const sent = entry.form
      ? { payload, headers: { 'content-type': form } }
      : entry.json && { payload: { name: 'x' } };
    const result = await server.app.inject({ method, url, ...sent });
    expect(result.statusCode, `${id}: ${result.body}`).toBe(200);
    if (answer in fileAnswers) {
      const { success, error } = fileAnswers[answer as keyof typeof fileAnswers].safeParse(result.json());
      expect(success, `${id}: ${error?.message}`).toBe(true);
    }
    if (id === 'createContainerFile') ids['file'] = result.json().id;
    else if (method === 'post') ids[kind] = result.json().id;
  }
  expect(Object.keys(ids)).toHaveLength(3);
});

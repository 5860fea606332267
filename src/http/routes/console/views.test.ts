import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleServer, createConsoleServer } from '../../testing/console-server.ts';

let server: ConsoleServer;
beforeAll(async () => {
  server = await createConsoleServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const url = '/api/webui/views';
const failed = { page: 'records', name: 'Failed', search: 'status=error' };

test('a viewer keeps views, in their own name', async () => {
  const viewer = await server.signIn('viewer');
  const payload = { ...failed, name: '  Fa\u0308llig ' };
  const made = await viewer.ask({ method: 'POST', url, payload });
  expect(made.json()).toMatchObject({ name: 'Fällig', owner: 'viewer', shared: false, isDefault: false });
  const { items } = (await viewer.ask({ url: `${url}?page=records` })).json();
  expect(items).toMatchObject([{ id: 'view_1', owner: 'viewer' }]);
  expect((await viewer.ask({ url: `${url}?page=keys` })).json()).toEqual({ items: [] });
});

describe('what is no view is refused', () => {
  test.each([
    ['page', { ...failed, page: 'settings' }],
    ['name', { ...failed, name: '  ' }],
    ['name', { ...failed, name: 'x'.repeat(61) }],
    ['name', { ...failed, name: 'two\nlines' }],
    ['search', { ...failed, search: 'x'.repeat(4097) }],
    ['search', { ...failed, search: 'text=Zoë' }],
    ['search', { page: 'records', name: 'Failed' }],
    ['userId', { ...failed, userId: 'admin' }],
  ])('for its %s', async (param, payload) => {
    const viewer = await server.signIn('viewer');
    const answer = await viewer.ask({ method: 'POST', url, payload });
    expect([answer.statusCode, answer.json().error.param]).toEqual([400, param]);
  });

  test('for a page that nobody knows', async () => {
    const viewer = await server.signIn('viewer');
    expect((await viewer.ask({ url: `${url}?page=settings` })).statusCode).toBe(400);
  });
});

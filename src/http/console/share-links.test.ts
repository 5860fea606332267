import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessError } from '../../access/index.ts';
import { type ConsoleServer, createConsoleServer } from '../testing/console-server.ts';

let server: ConsoleServer;

beforeAll(async () => {
  server = await createConsoleServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const open = (token: string) => server.nobody.ask({ url: `/api/webui/shared/${token}` });

test('what a link shows is kept out of caches, search engines, frames and other pages', async () => {
  for (const answer of [await open('token_1'), await open('unknown')]) {
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
});

test('a link that leads nowhere is not found, and one that may not be tried now says when', async () => {
  const unknown = await open('unknown');
  expect(unknown.statusCode).toBe(404);
  expect(unknown.json().error.message).toBe('This link does not exist or has ended.');
  const { open: before } = server.fake.shares;
  server.fake.shares.open = async () => {
    throw new AccessError('too_many_attempts', 'Too many links were tried.', { retryAfterSeconds: 7 });
  };
  const refused = await open('token_1');
  server.fake.shares.open = before;
  expect(refused.statusCode).toBe(429);
  expect(refused.headers['retry-after']).toBe('7');
});

test('the token is in no line of the log', async () => {
  await open('token_1');
  await open('a-token-that-nobody-has');
  expect(JSON.stringify(server.log)).not.toMatch(/token_1|a-token-that/);
});

test('what the answer holds beyond the contract does not get out', async () => {
  const { open: before } = server.fake.shares;
  server.fake.shares.open = async (...input) => ({
    ...(await before(...input)),
    ...{ keyName: 'website', costUsd: 3.14 },
    timeline: [
      { type: 'error', atMs: 1, choice: 0, ...{ message: 'internals' } },
      { type: 'started', atMs: 1, choice: 0, model: 'sonnet', ...{ source: 'live' } },
    ],
  });
  const { body } = await open('token_1');
  server.fake.shares.open = before;
  expect(body).toContain('sonnet');
  expect(body).not.toMatch(/website|3\.14|internals|live/);
});

import { type FastifyInstance, fastify } from 'fastify';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { AccessError } from '../../access/index.ts';
import type { Authenticator } from '../authenticator.ts';
import { replyErrors } from '../reply-errors.ts';
import { logRequests } from '../request-record.ts';
import { type MetricsAccess, registerMetrics } from './metrics.ts';

/** Any text is no key, `sk-good` is one, other keys are wrong; none is required. */
const authenticator: Authenticator = {
  async authenticate(secret) {
    if (secret === 'sk-wrong') throw new AccessError('invalid_key', 'Incorrect API key provided.');
    if (secret !== 'sk-good') return { owner: 'local', key: null };
    return { owner: 'key_1', key: keyOne };
  },
};
const keyOne = { id: 'key_1' } as NonNullable<Awaited<ReturnType<Authenticator['authenticate']>>['key']>;

let app: FastifyInstance;
afterEach(() => app.close());

async function get(
  access: MetricsAccess,
  { headers = {}, from = '127.0.0.1' }: { headers?: Record<string, string>; from?: string } = {},
) {
  const logger = pino({ level: 'silent' });
  // As behind a trusted proxy: what it says of the client must not count here.
  app = fastify({ trustProxy: true });
  logRequests(app, logger);
  replyErrors(app, logger);
  registerMetrics(app, {
    metrics: { read: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }) },
    metricsAccess: () => access,
    authenticator,
  });
  return app.inject({ url: '/metrics', headers, remoteAddress: from });
}

describe('GET /metrics', () => {
  test('tells the figures', async () => {
    const response = await get('open', { from: '192.0.2.7' });
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': expect.stringContaining('text/plain; version=0.0.4'),
      'cache-control': 'no-store',
    });
    expect(response.body).toBe('up 1\n');
  });

  test('is not there where it is off', async () => {
    const response = await get('off');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ error: { code: 'unknown_url' } });
  });

  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])(
    'answers this machine, at %s',
    async (from) => {
      expect((await get('loopback', { from })).statusCode).toBe(200);
    },
  );

  test.each<[string, Record<string, string>]>([
    ['192.0.2.7', {}],
    ['::ffff:192.0.2.7', {}],
    ['2001:db8::1', {}],
    ['192.0.2.7', { 'x-forwarded-for': '127.0.0.1' }],
    ['127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }],
    ['127.0.0.1', { 'x-forwarded-for': '192.0.2.7' }],
    ['127.0.0.1', { forwarded: 'for=192.0.2.7' }],
  ])('refuses others where it is for this machine: from %s with %j', async (from, headers) => {
    const response = await get('loopback', { from, headers });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ error: { type: 'permission_error', code: 'not_allowed' } });
  });

  test.each<[Record<string, string>, number]>([
    [{ authorization: 'Bearer sk-good' }, 200],
    [{ 'x-api-key': 'sk-good' }, 200],
    [{ authorization: 'Bearer sk-wrong' }, 401],
    [{ authorization: 'Bearer anything' }, 401],
    [{}, 401],
  ])('asks for a key where it is set so: %j gets %i', async (headers, status) => {
    const response = await get('key', { headers });
    expect(response.statusCode).toBe(status);
    if (status === 401) expect(response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
  });
});

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { createLogger } from '../observability/index.ts';
import { carryRequestId } from './carry-request-id.ts';

test('what a handler logs has the id of its request, also after the body and after waiting', async () => {
  const output = new PassThrough();
  await using log = await createLogger({ level: 'info', environment: 'test', logDirectory: '', output });
  const app = fastify({ genReqId: (request) => String(request.headers['x-request-id']) });
  carryRequestId(app);
  app.post('/', async (request) => {
    log.logger.info({ of: request.id }, 'begun');
    await new Promise((resolve) => setImmediate(resolve));
    log.logger.info({ of: request.id }, 'waited');
    return {};
  });
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  const post = async (id: number): Promise<void> => {
    const body = JSON.stringify({ text: 'x'.repeat(200_000) });
    const headers = { 'x-request-id': `req_${id}`, 'content-type': 'application/json' };
    expect((await fetch(base, { method: 'POST', headers, body })).status).toBe(200);
  };
  // Over few connections, one after the other as well as at once.
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 8 }, (_, index) => post(round * 8 + index)));
  }
  await app.close();
  log.logger.info('alone');
  const lines = log.tail();
  expect(lines).toHaveLength(49);
  for (const line of lines.slice(0, -1)) expect(line['requestId']).toBe(line['of']);
  expect(lines.at(-1)).not.toHaveProperty('requestId');
  output.end().resume();
  await once(output, 'end');
});

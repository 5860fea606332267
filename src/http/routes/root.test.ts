import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { registerRoot } from './root.ts';

test('the bare address sends browsers to the console and tells programs where things are', async () => {
  const app = fastify();
  registerRoot(app, { version: '1.2.3' });
  const page = await app.inject({
    url: '/',
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  });
  expect(page.statusCode).toBe(302);
  expect(page.headers.location).toBe('/webui');
  for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
    const answer = await app.inject({ url: '/', headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ version: '1.2.3', api: '/v1', console: '/webui' });
  }
  await app.close();
});

import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerApiDocs } from './api-docs.ts';

let app: FastifyInstance;

beforeAll(async () => {
  app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
  await registerApiDocs(app, { version: '1.2.3' });
});
afterAll(() => app.close());

test('the document is served, to the page too', async () => {
  const document = await app.inject('/api-docs.json');
  expect(document.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(document.json()).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  expect((await app.inject('/api-docs/json')).json()).toEqual(document.json());
});

test.each(['/api-docs', '/api-docs/'])('the page %s is whole without anybody else', async (url) => {
  const page = await app.inject(url);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
  expect(sources.length).toBeGreaterThanOrEqual(5);
  for (const source of sources) {
    const { origin, pathname } = new URL(source, `http://this.server${url}`);
    expect(origin).toBe('http://this.server');
    expect((await app.inject(pathname)).statusCode, pathname).toBe(200);
  }
  // No script stands in the page itself, so that none but files of this server may run.
  expect(page.body).not.toMatch(/<script>|<script [^>]*>[^<\s]|\son\w+=/);
});

test('the page may load nothing from elsewhere, nor be framed', async () => {
  for (const url of ['/api-docs', '/api-docs/static/swagger-ui-bundle.js']) {
    const policy = String((await app.inject(url)).headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|script-src|\*/);
  }
});

test.each(['/api-docs/static/../../../package.json', '/api-docs/static/%2e%2e%2f%2e%2e%2fpackage.json'])(
  'nothing but its files is served: %s',
  async (url) => {
    expect([403, 404]).toContain((await app.inject(url)).statusCode);
  },
);

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registerWebui } from './webui.ts';

let directory: string;
let app: FastifyInstance;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-webui-'));
  app = fastify({ routerOptions: { ignoreTrailingSlash: true } });
  await registerWebui(app, { directory });
});

afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true, force: true });
});

const script = 'export const built = true;';

async function build(): Promise<void> {
  await mkdir(path.join(directory, 'assets'));
  await writeFile(path.join(directory, 'index.html'), '<!doctype html><title>console</title>');
  await writeFile(path.join(directory, 'theme.js'), 'theme();');
  await writeFile(path.join(directory, 'assets/index-1a2b.js'), script);
  await writeFile(path.join(directory, 'assets/index-1a2b.js.br'), brotliCompressSync(script));
}

describe('the console', () => {
  test('that is not built says how to build it, and is there as soon as it is', async () => {
    const before = await app.inject('/webui');
    expect(before.statusCode).toBe(503);
    expect(before.headers['content-type']).toContain('text/plain');
    expect(before.body).toContain('npm run build');
    await build();
    expect((await app.inject('/webui')).statusCode).toBe(200);
  });

  test.each(['/webui', '/webui/', '/webui/records', '/webui/keys/key_1?tab=usage', '/webui/profiles/v1.2'])(
    'answers %s with its page, which is asked for again each time',
    async (url) => {
      await build();
      const { statusCode, headers, body } = await app.inject(url);
      expect(statusCode).toBe(200);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['cache-control']).toBe('no-cache');
      expect(body).toContain('<title>console</title>');
    },
  );

  test('is kept by no cache and no search engine where it shows a public link', async () => {
    await build();
    const { statusCode, headers, body } = await app.inject('/webui/share/a-token');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    });
    expect(body).toContain('<title>console</title>');
    expect((await app.inject('/webui/records')).headers).not.toHaveProperty('x-robots-tag');
  });

  test('has files that are kept for good, and others that are not', async () => {
    await build();
    const asset = await app.inject('/webui/assets/index-1a2b.js');
    expect(asset.headers['content-type']).toContain('javascript');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.body).toBe(script);
    expect((await app.inject('/webui/theme.js')).headers['cache-control']).toBe('no-cache');
  });

  test('sends what was compressed at the build to those who take it', async () => {
    await build();
    const url = '/webui/assets/index-1a2b.js';
    const { headers } = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['content-type']).toContain('javascript');
    expect(headers.vary).toContain('accept-encoding');
    expect((await app.inject(url)).headers['content-encoding']).toBeUndefined();
  });

  test.each([
    '/webui/assets/gone-9f.js',
    '/webui/assets/..%2f..%2fpackage.json',
    '/webui/..%2f..%2fpackage.json',
  ])('has nothing else at %s', async (url) => {
    await build();
    const { statusCode, body, headers } = await app.inject(url);
    expect(body).not.toContain('dependencies');
    if (statusCode === 404) expect(headers['cache-control']).not.toContain('immutable');
    else expect(body).toContain('<title>console</title>');
  });

  test('runs only what comes from this server, in nobody else’s frame', async () => {
    await build();
    for (const url of ['/webui', '/webui/assets/index-1a2b.js', '/webui/assets/gone-9f.js']) {
      const { headers } = await app.inject(url);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

import { expect, test } from 'vitest';
import { createConsoleServer } from '../testing/console-server.ts';

const url = '/api/webui/workspaces/shared/content?path=a.txt';

test('a file of a workspace is a download that a browser does not run, of which parts may be asked for', async () => {
  await using server = await createConsoleServer();
  const viewer = await server.signIn('viewer');
  const ask = (headers: Record<string, string> = {}) => viewer.ask({ method: 'GET', url, headers });
  const whole = await ask();
  expect([whole.statusCode, whole.body]).toEqual([200, '0123456789']);
  expect(whole.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment; filename="a.txt"',
    'content-length': '10',
    'accept-ranges': 'bytes',
    etag: '"v1"',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
  });
  const part = await ask({ range: 'bytes=2-4' });
  expect([part.statusCode, part.body, part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10']);
  expect((await ask({ range: 'bytes=2-4', 'if-range': '"other"' })).statusCode).toBe(200);
  expect((await ask({ range: 'bytes=10-' })).statusCode).toBe(416);
  expect((await ask({ 'if-none-match': '"v1"' })).statusCode).toBe(304);
});

test('a workspace is a zip, and one that is busy is not deleted', async () => {
  await using server = await createConsoleServer();
  const admin = await server.signIn('admin');
  const zip = await admin.ask({ method: 'GET', url: '/api/webui/workspaces/shared/archive' });
  expect([zip.body, zip.headers['content-type'], zip.headers['content-disposition']]).toEqual([
    'PK',
    'application/zip',
    'attachment; filename="shared.zip"',
  ]);
  const remove = (id: string) => admin.ask({ method: 'DELETE', url: `/api/webui/workspaces/${id}` });
  expect((await remove('busy')).statusCode).toBe(409);
  expect((await remove('own')).statusCode).toBe(204);
  expect(server.fake.done).toEqual(['delete own by admin from 127.0.0.1']);
});

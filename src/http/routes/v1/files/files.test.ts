import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { says } from '../../../testing/scripted-engine.ts';
import { type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

let server: StartedServer;
beforeAll(async () => {
  server = await startTestServer(() => says('Hello'), { fileMaxBytes: 3_000_000 });
});
afterEach(async () => {
  for await (const { id } of server.client.files.list()) await server.client.files.delete(id);
});
afterAll(() => server[Symbol.asyncDispose]());

const headers = { authorization: 'Bearer me' };

/** Everything that lies in the store, drafts included. */
async function stored(): Promise<string[]> {
  const entries = await readdir(server.files.directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Which of them this process holds open. */
async function openContents(): Promise<string[]> {
  const folder = '/proc/self/fd';
  const numbers = await readdir(folder).catch(() => []);
  const open = await Promise.all(numbers.map((number) => readlink(`${folder}/${number}`).catch(() => '')));
  return open.filter((file) => file.startsWith(server.files.directory));
}

async function upload(content: string | Uint8Array, name = 'a.txt') {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return server.client.files.create({ file: await toFile(bytes, name), purpose: 'user_data' });
}

function post(form: FormData | string, more: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.base}/files`, { method: 'POST', body: form, headers: { ...headers, ...more } });
}

function formOf(parts: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.append(name, value);
  return form;
}

const content = (id: string, more: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(`${server.base}/files/${id}/content`, { method, headers: { ...headers, ...more } });

describe('a file', () => {
  test('is uploaded, read, listed and deleted', async () => {
    const { files } = server.client;
    const made = await upload('Hello, file', 'greeting.txt');
    expect(made).toEqual({
      id: expect.stringMatching(/^file-[0-9a-f]{32}$/),
      object: 'file',
      bytes: 11,
      created_at: expect.any(Number),
      filename: 'greeting.txt',
      purpose: 'user_data',
      status: 'processed',
    });
    expect(Math.abs(made.created_at - Date.now() / 1000)).toBeLessThan(100);
    expect(await files.retrieve(made.id)).toEqual(made);
    expect(await files.waitForProcessing(made.id)).toEqual(made);
    expect((await files.list()).data).toEqual([made]);
    expect(await (await files.content(made.id)).text()).toBe('Hello, file');
    expect(await files.delete(made.id)).toEqual({ id: made.id, object: 'file', deleted: true });
    await expect(files.retrieve(made.id)).rejects.toMatchObject({
      status: 404,
      error: {
        message: `No such File object: ${made.id}`,
        type: 'invalid_request_error',
        param: 'id',
        code: null,
      },
    });
    await expect(files.content(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(files.delete(made.id)).rejects.toMatchObject({ status: 404 });
  });

  test('is uploaded from a stream', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-upload-'));
    const big = Buffer.alloc(2_500_000, 'stream ');
    await writeFile(path.join(directory, 'big.bin'), big);
    const file = createReadStream(path.join(directory, 'big.bin'));
    const made = await server.client.files.create({ file, purpose: 'assistants' });
    await rm(directory, { recursive: true });
    expect(made).toMatchObject({ filename: 'big.bin', bytes: big.length });
    const response = await server.client.files.content(made.id);
    expect(Buffer.from(await response.arrayBuffer()).equals(big)).toBe(true);
  });

  test('may be empty', async () => {
    const { id, bytes } = await upload('');
    expect(bytes).toBe(0);
    const response = await content(id);
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      200,
      '0',
      '',
    ]);
  });

  test.each([
    ['say "hi" 100%.txt', 'say "hi" 100%.txt'],
    ['naïve 文件 \u{1f600}.txt', 'naïve 文件 \u{1f600}.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\notes.txt', 'notes.txt'],
    ['a\r\nx-evil: 1.txt', 'ax-evil: 1.txt'],
    ['..', 'file'],
    ["it's; filename=x.txt", "it's; filename=x.txt"],
  ])('named %j is called %j', async (given, name) => {
    const made = await upload('x', given);
    expect(made.filename).toBe(name);
    const disposition = (await content(made.id)).headers.get('content-disposition');
    expect(disposition).toMatch(/^attachment; filename="/);
  });

  test('ends when it was said to end', async () => {
    const expires_after = { anchor: 'created_at', seconds: 3600 } as const;
    const file = await toFile(Buffer.from('x'), 'x.txt');
    const made = await server.client.files.create({ file, purpose: 'vision', expires_after });
    expect(made.expires_at).toBe(made.created_at + 3600);
  });

  test('is listed in pages and by purpose', async () => {
    const { files } = server.client;
    for (const [index, purpose] of (['vision', 'user_data', 'vision'] as const).entries()) {
      await files.create({ file: await toFile(Buffer.from('x'), `${index}.txt`), purpose });
    }
    const names = async (query: Parameters<typeof files.list>[0]): Promise<string[]> => {
      const found: string[] = [];
      for await (const { filename } of files.list(query)) found.push(filename);
      return found;
    };
    expect(await names({})).toEqual(['2.txt', '1.txt', '0.txt']);
    expect(await names({ order: 'asc', limit: 1 })).toEqual(['0.txt', '1.txt', '2.txt']);
    expect(await names({ purpose: 'vision' })).toEqual(['2.txt', '0.txt']);
    const first = await files.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true });
    await expect(files.list({ after: 'file-unknown' })).rejects.toMatchObject({
      status: 400,
      param: 'after',
    });
    await expect(files.list({ limit: 10_001 })).rejects.toMatchObject({ status: 400, param: 'limit' });
  });

  test('of the same content lies on the disk once', async () => {
    const before = (await stored()).length;
    await Promise.all([upload('the same content'), upload('the same content'), upload('the same content')]);
    expect(await stored()).toHaveLength(before + 1);
  });

  test("is another's for everybody else", async () => {
    const { id } = await upload('mine');
    const other = server.clientOf('other').files;
    for (const attempt of [other.retrieve(id), other.content(id), other.delete(id)]) {
      await expect(attempt).rejects.toMatchObject({
        status: 404,
        error: { message: `No such File object: ${id}` },
      });
    }
    expect((await other.list()).data).toEqual([]);
    await expect(other.list({ after: id })).rejects.toMatchObject({ status: 400 });
    expect(await (await content(id)).text()).toBe('mine');
  });
});

describe('an upload is refused and leaves nothing', () => {
  const blob = new Blob(['x']);
  const twoFiles = formOf({ purpose: 'user_data', file: blob });
  twoFiles.append('file', blob);
  const twoPurposes = formOf({ purpose: 'user_data', file: blob });
  twoPurposes.append('purpose', 'vision');
  const tooLarge = new Blob([Buffer.alloc(3_000_001)]);

  test.each<[string, () => Promise<Response>, number, object]>([
    [
      'without a purpose',
      () => post(formOf({ file: blob })),
      400,
      { param: 'purpose', code: 'missing_required_field' },
    ],
    [
      'for an unknown purpose',
      () => post(formOf({ file: blob, purpose: 'fun' })),
      400,
      { param: 'purpose', code: 'invalid_value' },
    ],
    [
      'without a file',
      () => post(formOf({ purpose: 'user_data' })),
      400,
      { param: 'file', code: 'missing_required_field' },
    ],
    [
      'whose file is a text',
      () => post(formOf({ purpose: 'user_data', file: 'text' })),
      400,
      { param: 'file', code: 'missing_required_field' },
    ],
    ['with two files', () => post(twoFiles), 400, { param: 'file' }],
    ['with two purposes', () => post(twoPurposes), 400, { param: 'purpose' }],
    [
      'that is too large',
      () => post(formOf({ purpose: 'user_data', file: tooLarge })),
      413,
      { param: 'file', code: 'file_too_large' },
    ],
    [
      'with too long a field',
      () => post(formOf({ purpose: 'x'.repeat(5000), file: blob })),
      400,
      { param: 'purpose' },
    ],
    [
      'with a field of an evil name',
      () => post(formOf({ purpose: 'user_data', __proto__x: 'x', constructor: 'x', file: blob })),
      400,
      {},
    ],
    ['that is no form', () => post('{"purpose":"user_data"}'), 400, { code: 'invalid_content_type' }],
    [
      'without a boundary',
      () => post('x', { 'content-type': 'multipart/form-data' }),
      400,
      { code: 'invalid_form' },
    ],
    [
      'that breaks off',
      () =>
        post('--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc', {
          'content-type': 'multipart/form-data; boundary=b',
        }),
      400,
      { code: 'invalid_form' },
    ],
    [
      'whose name is endless',
      () => post(formOf({ purpose: 'user_data', file: new File(['x'], 'x'.repeat(1001)) })),
      400,
      { param: 'file' },
    ],
  ])('%s', async (_, ask, status, error) => {
    const before = await stored();
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.any(String), ...error },
    });
    expect((await server.client.files.list()).data).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  test('that says its size beforehand, before anything of it is read', async () => {
    const { port } = new URL(server.base);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer me\r\n' +
        'content-type: multipart/form-data; boundary=b\r\ncontent-length: 99999999\r\n\r\n',
    );
    const [answer] = await new Promise<Buffer[]>((resolve) => socket.once('data', (data) => resolve([data])));
    socket.destroy();
    expect(answer?.toString()).toContain('413');
  });

  test('and read to its end, for a client that listens only then', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sent = request(`${server.base}/files`, {
      ...{ method: 'POST', agent },
      headers: { ...headers, 'content-type': 'multipart/form-data; boundary=b' },
    });
    const answered = new Promise<number | undefined>((resolve) => {
      sent.once('response', (response) => resolve(response.resume().statusCode));
    });
    sent.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
    const finished = new Promise((resolve) => sent.once('finish', resolve));
    for (let megabytes = 0; megabytes < 30; megabytes++) sent.write(Buffer.alloc(1_000_000));
    sent.end('\r\n--b--\r\n');
    expect(await answered).toBe(413);
    await finished;
    agent.destroy();
  });

  test('that the client breaks off', async () => {
    const before = await stored();
    const { port } = new URL(server.base);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer me\r\n' +
        'content-type: multipart/form-data; boundary=b\r\ncontent-length: 1000000\r\n\r\n' +
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nsome of it',
    );
    await vi.waitFor(async () => expect(await stored()).toHaveLength(before.length + 1));
    socket.destroy();
    await vi.waitFor(async () => expect(await stored()).toEqual(before));
    expect((await server.client.files.list()).data).toEqual([]);
  });
});

test('a form on any other route is read as JSON, as ever', async () => {
  for (const url of ['/chat/completions', '/conversations', '/containers']) {
    const body = formOf({ model: 'sonnet' });
    const response = await fetch(server.base + url, { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain('could not parse the JSON body');
  }
});

describe('a download', () => {
  test('says what it is, and cannot run in a browser', async () => {
    const html = await upload('<script>alert(1)</script>', 'evil.html');
    const svg = await upload('<svg xmlns="http://www.w3.org/2000/svg"/>', 'evil.svg');
    for (const [id, type] of [
      [html.id, 'text/html; charset=utf-8'],
      [svg.id, 'image/svg+xml'],
    ] as const) {
      const response = await content(id);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': type,
        'content-disposition': expect.stringMatching(/^attachment; /),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, no-cache',
        'accept-ranges': 'bytes',
      });
    }
  });

  test('has a media type by name and content', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    const types = async (name: string, bytes: Uint8Array | string, type?: string): Promise<string | null> => {
      const file = await toFile(Buffer.from(bytes), name, type === undefined ? {} : { type });
      const { id } = await server.client.files.create({ file, purpose: 'user_data' });
      return (await content(id)).headers.get('content-type');
    };
    expect(await types('a.png', png)).toBe('image/png');
    expect(await types('main.ts', 'const a = 1;')).toBe('text/plain; charset=utf-8');
    expect(await types('blob', png, 'image/png')).toBe('image/png');
    expect(await types('blob', png, 'text/html')).toBe('application/octet-stream');
    expect(await types('data.json', '{}')).toBe('application/json');
    expect(await types('unknown', png)).toBe('application/octet-stream');
  });

  test('may be in part', async () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
    const { id } = await upload(bytes, 'numbers.bin');
    await fc.assert(
      fc.asyncProperty(fc.nat(120), fc.nat(120), fc.constantFrom('a-b', 'a-', '-b'), async (a, b, form) => {
        const range = form.replace('a', String(Math.min(a, b))).replace('b', String(Math.max(a, b)));
        const response = await content(id, { range: `bytes=${range}` });
        const body = Buffer.from(await response.arrayBuffer());
        const expected =
          form === '-b'
            ? bytes.subarray(Math.max(0, 100 - Math.max(a, b)))
            : bytes.subarray(Math.min(a, b), form === 'a-' ? 100 : Math.max(a, b) + 1);
        if (response.status === 416) {
          expect(expected).toHaveLength(0);
          expect(response.headers.get('content-range')).toBe('bytes */100');
          return;
        }
        expect(response.status).toBe(206);
        expect(body.equals(expected)).toBe(true);
        expect(response.headers.get('content-range')).toBe(
          `bytes ${expected[0]}-${expected[expected.length - 1]}/100`,
        );
        expect(response.headers.get('content-length')).toBe(String(expected.length));
      }),
      { numRuns: 60 },
    );
  });

  test('is not sent again to who has it', async () => {
    const { id } = await upload('known');
    const first = await content(id);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    for (const condition of [
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': modified },
    ]) {
      const again = await content(id, condition);
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    for (const condition of [
      { 'if-none-match': '"other"' },
      { 'if-none-match': '"other"', 'if-modified-since': modified },
      { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    ]) {
      expect((await content(id, condition)).status).toBe(200);
    }
    const part = { range: 'bytes=1-2' };
    expect((await content(id, { ...part, 'if-range': etag })).status).toBe(206);
    expect((await content(id, { ...part, 'if-range': modified })).status).toBe(206);
    expect((await content(id, { ...part, 'if-range': '"other"' })).status).toBe(200);
    expect((await content(id, { ...part, 'if-range': `W/${etag}` })).status).toBe(200);
  });

  test('can be asked about first', async () => {
    const { id } = await upload('12345');
    const head = await content(id, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5', '']);
    expect(head.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test('leaves no file open, whether it is whole, broken off or not needed at all', async () => {
    const { id } = await upload(Buffer.alloc(2_900_000, 'x'), 'big.bin');
    for (let round = 0; round < 5; round++) {
      const stop = new AbortController();
      const response = await fetch(`${server.base}/files/${id}/content`, { headers, signal: stop.signal });
      await response.body?.getReader().read();
      stop.abort();
    }
    const etag = (await content(id, {}, 'HEAD')).headers.get('etag') ?? '';
    for (let round = 0; round < 5; round++) {
      expect((await content(id, { 'if-none-match': etag })).status).toBe(304);
      expect((await content(id, { range: 'bytes=9999999-' })).status).toBe(416);
      expect((await content(id, {}, 'HEAD')).status).toBe(200);
    }
    await vi.waitFor(async () => expect(await openContents()).toEqual([]));
  });

  test('whose content has vanished is not there, and says why', async () => {
    const { id } = await upload('soon gone');
    await rm(server.files.directory, { recursive: true });
    const response = await content(id);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'file_content_gone' } });
    expect(response.headers.get('content-disposition')).toBeNull();
  });
});

describe('a link', () => {
  const linkTo = (id: string, owner = 'me'): string =>
    server.files.links.linkTo({ id, owner }, new URL(server.base).origin);

  test('gives the content without a key, in part too', async () => {
    const { id } = await upload('linked');
    const whole = await fetch(linkTo(id));
    expect([whole.status, await whole.text()]).toEqual([200, 'linked']);
    const part = await fetch(linkTo(id), { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'link']);
  });

  test('does not show in the log', async () => {
    const { id } = await upload('linked');
    const token = new URL(linkTo(id)).searchParams.get('token') ?? '';
    await (await fetch(`${server.base}/files/${id}/content?token=${token}`)).text();
    await vi.waitFor(() => expect(JSON.stringify(server.log)).toContain(`/v1/files/${id}/content`));
    expect(JSON.stringify(server.log)).not.toContain(token);
  });

  test("opens neither another file nor another's", async () => {
    const mine = await upload('mine');
    const { id } = await upload('other');
    const foreign = linkTo(mine.id).replace(mine.id, id);
    for (const [url, status, code] of [
      [foreign, 403, 'invalid_link'],
      [`${linkTo(id)}x`, 403, 'invalid_link'],
      [`${server.base}/files/${id}/content?token=abc`, 403, 'invalid_link'],
      [linkTo(id, 'somebody else'), 404, null],
    ] as const) {
      const response = await fetch(url);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { code } });
    }
  });

  test('is of no use for anything but the content', async () => {
    const { id } = await upload('mine');
    const { search } = new URL(linkTo(id));
    const strangers = { authorization: 'Bearer stranger' };
    expect((await fetch(`${server.base}/files/${id}${search}`, { headers: strangers })).status).toBe(404);
    const deleting = await fetch(`${server.base}/files/${id}${search}`, {
      method: 'DELETE',
      headers: strangers,
    });
    expect(deleting.status).toBe(404);
  });
});

import { createHash } from 'node:crypto';
import { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readZip } from '../../../../engine/testing/read-zip.ts';
import type { FileChange, FilesChanged } from '../../../../turn/index.ts';
import { done, type Step, started, text } from '../../../testing/scripted-engine.ts';
import { type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

let server: StartedServer;
/** What the next run leaves in its workspace. */
let run: Partial<FilesChanged> = {};
/** A caller of each test's own. */
let owner = '';
let tests = 0;

beforeAll(async () => {
  server = await startTestServer(function* (turn): Iterable<Step> {
    yield* [started, text('Done.')];
    yield {
      type: 'files',
      workspaceId: 'workspace',
      changes: [],
      omitted: 0,
      certain: true,
      ...(turn.owner === owner ? run : {}),
    };
    yield done;
  });
});
beforeEach(() => {
  tests += 1;
  owner = `caller${tests}`;
});
afterAll(() => server[Symbol.asyncDispose]());

const workspace = (): Map<string, Buffer> => server.files.workspaces.of({ owner, workspaceId: 'workspace' });
const containersOf = (name = owner) => server.clientOf(name).containers;

/** The agent writes a file. */
function writes(name: string, content: string, more: Partial<FileChange> = {}): FileChange {
  workspace().set(name, Buffer.from(content));
  const sha256 = createHash('sha256').update(content).digest('hex');
  return {
    path: name,
    operation: 'created',
    content: { size: Buffer.byteLength(content), mediaType: 'text/plain', sha256 },
    ...more,
  };
}

async function ask(...changes: FileChange[]): Promise<string> {
  run = { changes };
  const { id } = await server.clientOf(owner).responses.create({ model: 'sonnet', input: 'Do it.' });
  return id;
}

async function onlyContainer(): Promise<string> {
  const { data } = await containersOf().list();
  expect(data).toHaveLength(1);
  return data[0]?.id ?? '';
}

function send(url: string, init: RequestInit = {}, caller = owner): Promise<Response> {
  return fetch(server.base + url, {
    ...init,
    headers: { authorization: `Bearer ${caller}`, ...init.headers },
  });
}

describe('what a run leaves', () => {
  test('is in the container of its workspace, and stays as it was', async () => {
    await ask(writes('report.md', '# One'), writes('data/table.csv', 'a,b'));
    const id = await onlyContainer();
    const container = await containersOf().retrieve(id);
    expect(container).toEqual({
      id: expect.stringMatching(/^cntr_[0-9a-f]{32}$/),
      object: 'container',
      created_at: expect.any(Number),
      last_active_at: expect.any(Number),
      status: 'running',
      name: 'workspace',
    });
    const { data: files } = await containersOf().files.list(id, { order: 'asc' });
    expect(files).toMatchObject([
      { path: 'report.md', bytes: 5, source: 'assistant', container_id: id, object: 'container.file' },
      { path: 'data/table.csv', bytes: 3, source: 'assistant' },
    ]);
    const [report] = files;
    const params = { container_id: id };
    expect(await containersOf().files.retrieve(report?.id ?? '', params)).toEqual(report);

    await ask(writes('report.md', '# Two', { operation: 'modified' }));
    const content = async (fileId = ''): Promise<string> =>
      (await containersOf().files.content.retrieve(fileId, params)).text();
    expect(await content(report?.id)).toBe('# One');
    const { data: now } = await containersOf().files.list(id);
    expect(now.map((file) => file.path)).toEqual(['report.md', 'data/table.csv']);
    expect(await content(now[0]?.id)).toBe('# Two');
    // By the id alone, too.
    expect(await (await server.clientOf(owner).files.content(report?.id ?? '')).text()).toBe('# One');
  });

  test('is not listed any more once it is gone or has another name', async () => {
    await ask(writes('a.txt', 'a'), writes('b.txt', 'b'));
    const id = await onlyContainer();
    await ask(
      { path: 'a.txt', operation: 'deleted' },
      writes('c.txt', 'b', { operation: 'renamed', previousPath: 'b.txt' }),
    );
    const { data } = await containersOf().files.list(id);
    expect(data.map((file) => file.path)).toEqual(['c.txt']);
  });

  test('is saved under its own name, and cannot run in a browser', async () => {
    await ask(writes('site/in dex.html', '<script/>'));
    const id = await onlyContainer();
    const [file] = (await containersOf().files.list(id)).data;
    const response = await send(`/containers/${id}/files/${file?.id}/content`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-disposition': 'attachment; filename="in dex.html"',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
  });

  test('is deleted there and in the workspace, unless it is another by now', async () => {
    await ask(writes('a.txt', 'a'), writes('b.txt', 'b'));
    const id = await onlyContainer();
    const files = new Map((await containersOf().files.list(id)).data.map((file) => [file.path, file.id]));
    workspace().set('b.txt', Buffer.from('B'));
    for (const file of files.values()) {
      const deleted = await send(`/containers/${id}/files/${file}`, { method: 'DELETE' });
      expect(await deleted.json()).toEqual({ id: file, object: 'container.file.deleted', deleted: true });
    }
    expect([...workspace().keys()]).toEqual(['b.txt']);
    expect((await containersOf().files.list(id)).data).toEqual([]);
  });

  test('goes with the container, but not from the workspace', async () => {
    await ask(writes('a.txt', 'a'));
    const id = await onlyContainer();
    const [file] = (await containersOf().files.list(id)).data;
    const deleted = await send(`/containers/${id}`, { method: 'DELETE' });
    expect(await deleted.json()).toEqual({ id, object: 'container.deleted', deleted: true });
    await expect(containersOf().retrieve(id)).rejects.toMatchObject({
      status: 404,
      error: { message: `Container with id '${id}' not found.` },
    });
    expect((await send(`/files/${file?.id}/content`)).status).toBe(404);
    expect([...workspace().keys()]).toEqual(['a.txt']);
  });
});

describe('a container of the client', () => {
  test('has a workspace of its own that goes with it', async () => {
    const { files } = server.clientOf(owner);
    const uploaded = await files.create({
      file: await toFile(Buffer.from('1,2'), 'in.csv'),
      purpose: 'user_data',
    });
    const made = await containersOf().create({ name: 'analysis', file_ids: [uploaded.id] });
    expect(made).toMatchObject({ id: expect.stringMatching(/^cntr_/), name: 'analysis', status: 'running' });
    expect(made).not.toHaveProperty('expires_after');
    const place = { owner, workspaceId: made.id };
    expect(server.files.workspaces.of(place).get('in.csv')?.toString()).toBe('1,2');
    expect((await containersOf().files.list(made.id)).data).toMatchObject([
      { path: 'in.csv', source: 'user', bytes: 3 },
    ]);
    await containersOf().delete(made.id);
    expect(server.files.workspaces.has(place)).toBe(false);
    // The upload is another file.
    expect(await (await files.content(uploaded.id)).text()).toBe('1,2');
  });

  test('may end by itself, and says which settings have no effect', async () => {
    const expires_after = { anchor: 'last_active_at', minutes: 20 } as const;
    const { data, response } = await containersOf()
      .create({ name: 'short', expires_after, memory_limit: '4g' })
      .withResponse();
    expect(data.expires_after).toEqual(expires_after);
    expect(response.headers.get('x-claudecode-ignored')).toBe('memory_limit');
  });

  test('is not made with a file that is not there', async () => {
    await expect(containersOf().create({ name: 'x', file_ids: ['file-unknown'] })).rejects.toMatchObject({
      status: 404,
      param: 'file_ids[0]',
    });
    expect((await containersOf().list()).data).toEqual([]);
  });

  test('is listed in pages and by name', async () => {
    for (const name of ['a', 'b', 'a']) await containersOf().create({ name });
    const names: string[] = [];
    for await (const { name } of containersOf().list({ limit: 1, order: 'asc' })) names.push(name);
    expect(names).toEqual(['a', 'b', 'a']);
    expect((await containersOf().list({ name: 'a' })).data).toHaveLength(2);
  });
});

describe('a file that a client puts into a container', () => {
  test('comes as a form, and replaces one of its name', async () => {
    const { id } = await containersOf().create({ name: 'x' });
    const put = async (content: string) =>
      containersOf().files.create(id, { file: await toFile(Buffer.from(content), '../in.txt') });
    const first = await put('one');
    expect(first).toMatchObject({ path: 'in.txt', bytes: 3, source: 'user', container_id: id });
    const second = await put('two');
    expect(server.files.workspaces.of({ owner, workspaceId: id }).get('in.txt')?.toString()).toBe('two');
    expect((await containersOf().files.list(id)).data.map((file) => file.id)).toEqual([second.id]);
  });

  test.each(['a form', 'JSON'])('was uploaded before: %s', async (kind) => {
    const { id } = await containersOf().create({ name: 'x' });
    const { files } = server.clientOf(owner);
    const file = await files.create({
      file: await toFile(Buffer.from('1,2'), 'in.csv'),
      purpose: 'user_data',
    });
    if (kind === 'a form') await containersOf().files.create(id, { file_id: file.id });
    else {
      const body = JSON.stringify({ file_id: file.id });
      expect((await send(`/containers/${id}/files`, { method: 'POST', body })).status).toBe(200);
    }
    expect((await containersOf().files.list(id)).data).toMatchObject([{ path: 'in.csv' }]);
  });

  test('is refused where there is none, or none that can be', async () => {
    const { id } = await containersOf().create({ name: 'x' });
    server.files.workspaces.of({ owner, workspaceId: id }).set('src/main.ts', Buffer.from(''));
    const put = (body: string | FormData): Promise<Response> =>
      send(`/containers/${id}/files`, { method: 'POST', body });
    const form = new FormData();
    form.append('file', new Blob(['x']), 'src');
    for (const [body, status, param] of [
      ['', 400, null],
      ['{}', 400, 'file_id'],
      [new FormData(), 400, 'file'],
      ['{"file_id":"file-unknown"}', 404, 'file_id'],
      [form, 400, 'file'],
    ] as const) {
      const response = await put(body);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { param } });
    }
    expect((await containersOf().files.list(id)).data).toEqual([]);
  });
});

describe('an archive', () => {
  test('holds the whole workspace, or what a run left of it', async () => {
    workspace().set('old.txt', Buffer.from('old'));
    const first = await ask(writes('a.txt', 'first a'), writes('dir/ü.txt', 'ü'));
    await ask(writes('a.txt', 'second a', { operation: 'modified' }));
    const id = await onlyContainer();
    const all = await send(`/containers/${id}/archive`);
    expect(Object.fromEntries(all.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="workspace.zip"',
      'x-content-type-options': 'nosniff',
    });
    expect(readZip(Buffer.from(await all.arrayBuffer()))).toEqual({
      'old.txt': 'old',
      'a.txt': 'second a',
      'dir/ü.txt': 'ü',
    });
    const ofRun = await send(`/containers/${id}/archive?run=${first}`);
    expect(readZip(Buffer.from(await ofRun.arrayBuffer()))).toEqual({ 'a.txt': 'first a', 'dir/ü.txt': 'ü' });
    expect((await send(`/containers/${id}/archive?run=unknown`)).status).toBe(404);
  });
});

test("another's container is not there, whatever is asked of it", async () => {
  await ask(writes('secret.txt', 'secret'));
  const id = await onlyContainer();
  const file = (await containersOf().files.list(id)).data[0]?.id ?? '';
  const ofStranger = (await containersOf('stranger').create({ name: 'mine' })).id;
  const form = new FormData();
  form.append('file', new Blob(['x']), 'x.txt');
  const json = JSON.stringify({ file_id: 'file-x' });
  const attempts: readonly (readonly [string, string, (string | FormData)?])[] = [
    ['GET', `/containers/${id}`],
    ['DELETE', `/containers/${id}`],
    ['GET', `/containers/${id}/files`],
    ['POST', `/containers/${id}/files`, form],
    ['POST', `/containers/${id}/files`, json],
    ['GET', `/containers/${id}/archive`],
    ['GET', `/containers/${id}/archive?run=x`],
    ['GET', `/containers/${id}/files/${file}`],
    ['GET', `/containers/${id}/files/${file}/content`],
    ['DELETE', `/containers/${id}/files/${file}`],
    // The file of one container, asked of another.
    ['GET', `/containers/${ofStranger}/files/${file}`],
    ['GET', `/containers/${ofStranger}/files/${file}/content`],
    ['DELETE', `/containers/${ofStranger}/files/${file}`],
    ['GET', `/files/${file}`],
    ['GET', `/files/${file}/content`],
    ['DELETE', `/files/${file}`],
  ];
  for (const [method, url, body] of attempts) {
    const response = await send(url, { method, ...(body !== undefined && { body }) }, 'stranger');
    expect(response.status, `${method} ${url}`).toBe(404);
  }
  const cursors = [`/containers?after=${id}`, `/containers/${ofStranger}/files?after=${file}`];
  for (const url of cursors) expect((await send(url, {}, 'stranger')).status).toBe(400);
  expect((await containersOf('stranger').list()).data).toHaveLength(1);
  expect(await (await send(`/containers/${id}/files/${file}/content`)).text()).toBe('secret');
});

test('a file of one container is not in another', async () => {
  await ask(writes('a.txt', 'a'));
  const id = await onlyContainer();
  const file = (await containersOf().files.list(id)).data[0]?.id ?? '';
  const other = (await containersOf().create({ name: 'other' })).id;
  for (const [method, url] of [
    ['GET', ''],
    ['GET', '/content'],
    ['DELETE', ''],
  ] as const) {
    const response = await send(`/containers/${other}/files/${file}${url}`, { method });
    expect(await response.json()).toMatchObject({
      error: { message: `File with id '${file}' not found in container '${other}'.` },
    });
  }
});

test.each(['..%2f..%2fetc%2fpasswd', '..', '%00', 'a'.repeat(400)])(
  'no path leads anywhere: %s',
  async (id) => {
    for (const url of [`/files/${id}`, `/files/${id}/content`, `/containers/${id}/files/${id}/content`]) {
      expect([400, 404]).toContain((await send(url)).status);
    }
  },
);

import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp, temporaryDirectory } from '../support/start-app.ts';
import { call, lastResults, lastUserText, say, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let app: TestApp;
let admin: ConsoleClient;

const at = (name: string): string => path.join(app.workspace, name);

beforeAll(async () => {
  upstream = await startUpstream();
  // "write NAME TEXT", "read NAME" and "run COMMAND" lines, all at once.
  upstream.script((request) => {
    if (lastResults(request).length > 0) return say('done');
    const calls = lastUserText(request)
      .split('\n')
      .flatMap((line) => {
        const [, verb, name = '', text = ''] = /^(write|read|run) (\S+) ?(.*)$/.exec(line) ?? [];
        if (verb === 'write') return [call('Write', { file_path: at(name), content: text })];
        if (verb === 'read') return [call('Read', { file_path: at(name) })];
        return verb === 'run' ? [call('Bash', { command: `${name} ${text}`, description: 'x' })] : [];
      });
    return calls.length === 0 ? say('ok') : { blocks: calls };
  });
  app = await startApp({ upstream, env: { RECORD_DETAIL: 'full', SANDBOX: 'off' } });
  admin = await ConsoleClient.signIn(app.origin);
}, 60_000);

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** Runs one request of the agent's; resolves to its record, once that is written. */
async function runAgent(text: string) {
  const { response, data } = await app.openai.chat.completions
    .create({ model: 'agent', messages: [{ role: 'user', content: text }] })
    .withResponse();
  await expect
    .poll(async () => (await admin.call('listRecords', { query: { limit: 1 } })).items[0]?.responseId)
    .toBe(data.id);
  const [record] = (await admin.call('listRecords', { query: { limit: 1 } })).items;
  if (record === undefined) throw new Error(`no record of ${response.headers.get('x-request-id')}`);
  return record;
}

const rollBack = (id: string, dryRun = false) =>
  admin.call('rollBackRun', { params: { id }, body: { dryRun } });

test('a run’s files are told, and put back from the console', async () => {
  await writeFile(at('old.txt'), 'before\n');
  const record = await runAgent(
    'read old.txt\nwrite old.txt after\nwrite new.txt made\nrun echo x > shell.txt',
  );
  expect([...record.files].sort()).toEqual(['new.txt', 'old.txt', 'shell.txt']);
  const { timeline } = await admin.call('getRecordDetail', { params: { id: record.id } });
  expect(timeline.find((entry) => entry.type === 'files')).toMatchObject({
    workspaceId: 'shared',
    changes: [
      { path: 'new.txt', operation: 'created', content: { size: 4 } },
      { path: 'old.txt', operation: 'modified', diff: expect.stringContaining('-before') },
      { path: 'shell.txt', operation: 'created' },
    ],
  });

  expect(await rollBack(record.id, true)).toEqual({
    done: false,
    files: ['new.txt', 'old.txt'],
    reason: null,
  });
  await writeFile(at('new.txt'), 'by somebody');
  expect((await rollBack(record.id)).reason).toBe(
    'Changed since by somebody else: new.txt. Nothing was put back.',
  );
  await writeFile(at('new.txt'), 'made');
  expect(await rollBack(record.id)).toEqual({ done: true, files: ['new.txt', 'old.txt'], reason: null });
  expect(await readFile(at('old.txt'), 'utf8')).toBe('before\n');
  expect(await readdir(app.workspace)).toEqual(expect.arrayContaining(['old.txt', 'shell.txt']));
  expect(await readdir(app.workspace)).not.toContain('new.txt');
  expect((await rollBack(record.id)).reason).toContain('rolled back already');
  await expect(rollBack('unknown')).rejects.toMatchObject({ status: 404 });
  const { items } = await admin.call('listAudit', { query: { action: 'run.rolled_back' } });
  expect(items).toMatchObject([{ target: record.id, details: { files: 2 } }]);
});

test('workspaces and stored conversations are shown, downloaded and deleted', async () => {
  await writeFile(at('page.html'), '<script>alert(1)</script>');
  const { items: workspaces } = await admin.call('listWorkspaces');
  expect(workspaces).toMatchObject([{ id: 'shared', kind: 'shared', owner: 'local' }]);
  const shared = { params: { id: 'shared' }, query: {} };
  const { items: files } = await admin.call('listWorkspaceFiles', shared);
  expect(files.map(({ name }) => name)).toContain('page.html');
  const page = { ...shared, query: { path: 'page.html' } };
  const download = await admin.fetch('readWorkspaceFile', page);
  expect(download.headers.get('content-disposition')).toBe('attachment; filename="page.html"');
  expect(download.headers.get('content-security-policy')).toMatch(/^sandbox;/);
  expect(await download.text()).toBe('<script>alert(1)</script>');
  await admin.call('deleteWorkspaceFile', page);
  expect((await admin.fetch('readWorkspaceFile', page)).status).toBe(404);
  await expect(admin.call('deleteWorkspace', shared)).rejects.toMatchObject({ status: 409 });

  const first = await app.openai.responses.create({ model: 'model', input: 'The first question' });
  const second = await app.openai.responses.create({
    model: 'model',
    input: 'and more',
    previous_response_id: first.id,
  });
  const { items } = await admin.call('listConversations', { query: { text: 'first QUESTION' } });
  expect(items).toMatchObject([
    { id: second.id, kind: 'responses', title: 'The first question', owner: 'local' },
  ]);
  const chain = { params: { id: second.id } };
  expect((await admin.call('getConversation', chain)).items).toHaveLength(4);
  await admin.call('deleteConversation', chain);
  expect((await admin.call('listConversations')).items).toEqual([]);
  await expect(app.openai.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
});

test('what a run changed can be put back by a later server', async () => {
  const directory = await temporaryDirectory();
  const made = path.join(directory, 'workspace', 'made.txt');
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('done')
      : { blocks: [call('Write', { file_path: made, content: 'made' })] },
  );
  let id = '';
  {
    await using before = await startApp({ upstream, directory });
    const { response } = await before.openai.chat.completions
      .create({ model: 'agent', messages: [{ role: 'user', content: 'go' }], stream: false })
      .withResponse();
    id = response.headers.get('x-request-id') ?? '';
    expect(await readFile(made, 'utf8')).toBe('made');
  }
  await using later = await startApp({ upstream, directory });
  const client = await ConsoleClient.signIn(later.origin);
  const result = await client.call('rollBackRun', { params: { id }, body: {} });
  expect(result).toEqual({ done: true, files: ['made.txt'], reason: null });
  await expect(readFile(made)).rejects.toMatchObject({ code: 'ENOENT' });
});

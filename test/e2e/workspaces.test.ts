import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readZip } from '../../src/engine/testing/read-zip.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { call, lastResults, lastUserText, say, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let app: TestApp;
let admin: ConsoleClient;

beforeAll(async () => {
  upstream = await startUpstream();
  // What keeps workspaces apart here is the server, not the sandbox.
  const env = { DEFAULT_MODEL: '', WORKSPACE_COMMITS: 'true', SANDBOX: 'off', MAX_PROCESSES: '8' };
  app = await startApp({ upstream, env });
  admin = await ConsoleClient.signIn(app.origin);
  // Runs what it is asked for as a shell command, and says what that printed.
  upstream.script((request) => {
    const [result] = lastResults(request);
    if (result !== undefined) return say(`out: ${textOf(result.content)}`);
    const command = lastUserText(request).split('\n').at(-1) ?? '';
    return { blocks: [call('Bash', { command, description: 'as asked' })] };
  });
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((block: { text?: string }) => block.text ?? '').join('') : '';
}

type Workspace = 'own' | 'shared' | 'conversation' | 'none' | `directory:${string}`;

async function makeKey(workspace: Workspace = 'own') {
  const { key, secret } = await admin.call('createKey', {
    body: { name: workspace, permissions: { workspace } },
  });
  return { key, openai: new OpenAI({ baseURL: app.baseUrl, apiKey: secret, maxRetries: 0 }), secret };
}

const user = (content: string) => ({ role: 'user' as const, content });
type Messages = OpenAI.ChatCompletionMessageParam[];

/** What the command printed, and the conversation after it. */
async function chat(openai: OpenAI, command: string, before: Messages = [], model = 'agent') {
  const messages: Messages = [...before, user(command)];
  const headers = { 'x-claudecode-files': 'off' };
  const { choices } = await openai.chat.completions.create({ model, messages }, { headers });
  const content = choices[0]?.message.content ?? '';
  return {
    text: content.replace('out: ', ''),
    messages: [...messages, { role: 'assistant' as const, content }],
  };
}

type ResponseOptions = Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>;

async function respond(openai: OpenAI, input: string, more: ResponseOptions = {}) {
  const response = await openai.responses.create({ model: 'agent', input, ...more });
  return { text: response.output_text.replace('out: ', ''), id: response.id };
}

describe('a workspace of the conversation', () => {
  test('is found again in Chat Completions by what was said, in another process too', async () => {
    const { openai } = await makeKey('conversation');
    const [first, other] = await Promise.all([
      chat(openai, 'echo one > a.txt; pwd'),
      chat(openai, 'ls; pwd'),
    ]);
    expect(path.basename(first.text)).toMatch(/^conversation-[0-9a-f]{24}$/);
    expect(other.text).toMatch(/^\S+\/conversation-[0-9a-f]{24}$/);
    expect(other.text).not.toBe(first.text);
    // Another model is another process, which is given the stored conversation.
    const second = await chat(openai, 'cat a.txt; pwd', first.messages, 'agent/haiku');
    expect(second.text).toBe(`one\n${first.text}`);
    const fork = await chat(openai, 'cat a.txt; echo two > a.txt', first.messages);
    expect(fork.text).toBe('one');
    expect((await chat(openai, 'cat a.txt', second.messages)).text).toBe('two');
  });

  test('is that of the chain or of the conversation object in Responses', async () => {
    const { openai } = await makeKey('conversation');
    const first = await respond(openai, 'echo one > a.txt; pwd');
    const second = await respond(openai, 'cat a.txt; pwd', { previous_response_id: first.id });
    expect(second.text).toBe(`one\n${first.text}`);
    const fork = await respond(openai, 'pwd', { previous_response_id: first.id });
    expect(fork.text).toBe(first.text);

    const { id } = await openai.conversations.create({});
    const [here, there] = await Promise.all([
      respond(openai, 'pwd', { conversation: id }),
      respond(openai, 'pwd', { conversation: (await openai.conversations.create({})).id }),
    ]);
    expect((await respond(openai, 'pwd; true', { conversation: id })).text).toBe(here.text);
    expect(new Set([first.text, here.text, there.text]).size).toBe(3);
  });

  test('can be the wish of a profile, and takes what clients attach', async () => {
    const body = { workspace: 'conversation', files: 'links' } as const;
    await admin.call('putProfile', { params: { name: 'apart' }, body });
    const { openai } = await makeKey('shared');
    const file = await openai.files.create({
      file: await toFile(Buffer.from([1, 2, 3, 0]), 'data.bin'),
      purpose: 'user_data',
    });
    const content = [
      { type: 'file' as const, file: { file_id: file.id } },
      { type: 'text' as const, text: 'find uploads -type f; echo new > new.txt; pwd' },
    ];
    const completion = await openai.chat.completions.create({
      model: 'apart',
      messages: [{ role: 'user', content }],
    });
    const text = completion.choices[0]?.message.content ?? '';
    expect(text).toContain(`uploads/${file.id}/data.bin`);
    expect(text).toMatch(/\/conversation-[0-9a-f]{24}/);
    expect(text).toContain('[new.txt](http');
  });
});

describe('a named directory', () => {
  test('is there for every key that has it, and for no other', async () => {
    const [one, other] = await Promise.all([makeKey('directory:team'), makeKey('directory:team')]);
    const [stranger, sharing] = await Promise.all([makeKey(), makeKey('shared')]);
    await chat(one.openai, 'echo ours > plan.txt');
    expect((await chat(other.openai, 'cat plan.txt; pwd; echo more > more.txt')).text).toBe(
      `ours\n${path.join(app.workspace, 'directory-team')}`,
    );
    await Promise.all([
      chat(stranger.openai, 'echo mine > own.txt'),
      chat(sharing.openai, 'echo all > shared.txt'),
    ]);
    const own = await onlyContainer(stranger);
    expect(Object.keys(await archiveOf(stranger, own))).toEqual(['own.txt']);
    // The root has the others' directories in it, and shows none of them.
    const shared = Object.keys(await archiveOf(sharing, await onlyContainer(sharing)));
    expect(shared).toContain('shared.txt');
    expect(shared.filter((name) => /^(?:owner|conversation|directory|container)-/.test(name))).toEqual([]);

    const container = await onlyContainer(other);
    for (const key of [one, stranger, sharing]) await expectUnreachable(key, container);
    // What it may not use any more it cannot reach by what it had there.
    await admin.call('updateKey', {
      params: { id: other.key.id },
      body: { permissions: { workspace: 'own' } },
    });
    await expectUnreachable(other, container);
    expect((await other.openai.containers.list()).data).toEqual([]);
  });
});

type Key = Awaited<ReturnType<typeof makeKey>>;

async function onlyContainer({ openai }: Key): Promise<string> {
  const { data } = await openai.containers.list();
  expect(data).toHaveLength(1);
  return data[0]?.id ?? '';
}

function getArchive({ secret }: Key, container: string): Promise<Response> {
  const headers = { authorization: `Bearer ${secret}` };
  return fetch(`${app.baseUrl}/containers/${container}/archive`, { headers });
}

async function archiveOf(key: Key, container: string): Promise<Record<string, string>> {
  return readZip(Buffer.from(await (await getArchive(key, container)).arrayBuffer()));
}

const unknown = { status: 404, type: 'invalid_request_error' };

/** By every request that names it. */
async function expectUnreachable(key: Key, container: string): Promise<void> {
  const { openai } = key;
  const tools = [{ type: 'code_interpreter' as const, container }];
  const attempts = [
    () => openai.containers.retrieve(container),
    () => openai.containers.files.list(container),
    () => openai.containers.files.create(container, { file: new File(['x'], 'x.txt') }),
    () => openai.containers.delete(container),
    () => respond(openai, 'ls', { tools }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(unknown);
  expect((await getArchive(key, container)).status).toBe(404);
}

describe('a container that a client made', () => {
  test('is where a run works that names it, and holds what the run left', async () => {
    const key = await makeKey();
    const { openai } = key;
    const { id } = await openai.containers.create({ name: 'mine' });
    await openai.containers.files.create(id, { file: new File(['1\n2\n'], '../../numbers.txt') });
    const tools = [{ type: 'code_interpreter' as const, container: id }];
    const response = await openai.responses.create({
      model: 'agent',
      input: 'wc -l < numbers.txt > count.txt; ls; pwd',
      tools,
    });
    expect(response.output_text).toMatch(/^out: count\.txt\nnumbers\.txt\n\S+\/container-[0-9a-f]{24}$/);
    const [work] = response.output;
    expect(work).toMatchObject({ type: 'code_interpreter_call', container_id: id });
    expect(await archiveOf(key, id)).toEqual({ 'count.txt': '2\n', 'numbers.txt': '1\n2\n' });
    const { data } = await openai.containers.files.list(id);
    expect(data.map(({ path: name, source }) => [name, source]).toSorted()).toEqual([
      ['count.txt', 'assistant'],
      ['numbers.txt', 'user'],
    ]);
    await expect(
      respond(openai, 'ls', { tools: [{ ...tools[0], container: 'cntr_none' }] }),
    ).rejects.toMatchObject({ ...unknown, param: 'tools[0].container' });
    const stranger = await makeKey();
    await expectUnreachable(stranger, id);
    for (const file of data) {
      const url = `${app.baseUrl}/containers/${id}/files/${file.id}/content`;
      const foreign = await fetch(url, { headers: { authorization: `Bearer ${stranger.secret}` } });
      expect(foreign.status).toBe(404);
      await foreign.body?.cancel();
    }
    await openai.containers.delete(id);
    await expect(respond(openai, 'ls', { tools })).rejects.toMatchObject(unknown);
  });
});

test('what a run leaves that leads out of its workspace, or is no file, reaches nobody', async () => {
  const victim = await makeKey();
  await chat(victim.openai, 'echo secret > secret.txt');
  const names = readdirSync(app.workspace).filter((name) => name.startsWith('owner-'));
  const key = await makeKey();
  const links = names.map(
    (name, index) => `ln -s ../${name}/secret.txt l${index}; ln -s ../${name} d${index}`,
  );
  await chat(key.openai, `mkfifo pipe; ${links.join('; ')}; echo fine > fine.txt`);
  const container = await onlyContainer(key);
  const kept = (await key.openai.containers.files.list(container)).data.map(({ path: name }) => name);
  const archived = await archiveOf(key, container);
  expect(Object.keys(archived)).toEqual(expect.arrayContaining(['fine.txt']));
  for (const name of [...kept, ...Object.keys(archived)]) expect(name).not.toMatch(/^(?:pipe|[ld]\d+)/);
  // Somebody may not write to another's workspace by a link in their own, either.
  for (const [index] of names.entries()) {
    const file = new File(['overwritten'], `l${index}`);
    await key.openai.containers.files.create(container, { file }).catch(() => {});
  }
  expect((await chat(victim.openai, 'cat secret.txt')).text).toBe('secret');
});

test('a full workspace takes no run and no upload until it has room', async () => {
  const key = await makeKey('directory:full');
  const { openai } = key;
  await chat(openai, 'for i in 1 2 3 4 5 6; do echo $i > $i.txt; done');
  const container = await onlyContainer(key);
  const setMost = (most: number | null) =>
    admin.call('updateSettings', { body: { changes: { WORKSPACE_MAX_FILES: most } } });
  await setMost(6);
  const full = { status: 429, type: 'insufficient_quota', code: 'workspace_full' };
  try {
    await expect(chat(openai, 'ls')).rejects.toMatchObject(full);
    await expect(
      openai.containers.files.create(container, { file: new File(['x'], 'x.txt') }),
    ).rejects.toMatchObject(full);
    const [first] = (await openai.containers.files.list(container)).data;
    await openai.containers.files.delete(first?.id ?? '', { container_id: container });
    await vi.waitFor(async () => expect((await chat(openai, 'ls | wc -l')).text).toBe('5'), 40_000);
  } finally {
    await setMost(null);
  }
});

test('each run that changes something is a commit, out of the reach of its agent', async () => {
  const { key, openai } = await makeKey('directory:told');
  await chat(openai, 'echo one > a.txt');
  await chat(openai, 'ls');
  await chat(openai, 'git init -q .; mkdir -p sub; mv a.txt sub/b.txt');
  const history = path.join(app.directory, 'data', 'engine', 'workspaces', 'history', 'directory-told.git');
  const git = (...args: string[]): string =>
    execFileSync('git', [`--git-dir=${history}`, ...args], { encoding: 'utf8' }).trim();
  await vi.waitFor(() => expect(git('rev-list', '--count', 'HEAD')).toBe('2'), 20_000);
  expect(git('log', '-1', '--format=%B')).toMatch(
    new RegExp(`^Run turn_\\w+\\n\\nOwner: ${key.id}\\nModel: \\S+\\nProfile: agent$`),
  );
  expect(git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('sub/b.txt');
});

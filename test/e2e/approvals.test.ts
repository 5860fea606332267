import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import type { ApprovalAnswer, TimelineEntry } from '../../src/contract/index.ts';
import { checkResponseEvents } from '../support/check-response-events.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  lastResults,
  type ReplyBlock,
  say,
  startUpstream,
  text,
  type Upstream,
  type UpstreamRequest,
} from '../support/upstream.ts';

const patience = { timeout: 25_000, interval: 20 };

let upstream: Upstream;
let app: TestApp;
let admin: ConsoleClient;
let openai: OpenAI;
let owner: string;

beforeAll(async () => {
  upstream = await startUpstream();
  const env = { PERMISSION_MODE: 'default', RECORD_DETAIL: 'full' };
  app = await startApp({ upstream, env });
  admin = await ConsoleClient.signIn(app.origin);
  ({ openai, owner } = await makeKey('ci'));
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** What a test that failed has left does not fail the next. */
afterEach(async () => {
  for (const { id } of (await admin.call('listApprovals')).items)
    await admin.call('answerApproval', { params: { id }, body: { decision: 'deny' } });
});

async function makeKey(name: string) {
  const { key, secret } = await admin.call('createKey', { body: { name } });
  return {
    openai: new OpenAI({ baseURL: app.baseUrl, apiKey: secret, maxRetries: 0 }),
    secret,
    owner: key.id,
  };
}

/** The agent makes these calls, and tells what came of them. */
function agentCalls(...blocks: ReplyBlock[]): void {
  upstream.script((request) =>
    lastResults(request).length > 0 ? say('Results: ', resultTexts(request)) : { blocks },
  );
}

function resultTexts(request: UpstreamRequest): string {
  return lastResults(request)
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join(' | ');
}

const bash = (command: string) => call('Bash', { command, description: 'x' });

async function findFile(name: string): Promise<string> {
  const found = (await readdir(app.workspace, { recursive: true })).find((file) => file.endsWith(name));
  return found === undefined ? '' : path.join(app.workspace, found);
}

function chat(client = openai, content = 'go') {
  return client.chat.completions
    .create({ model: 'agent', messages: [{ role: 'user', content }] })
    .withResponse();
}

/** The call that waits. */
function waiting() {
  return vi.waitFor(async () => {
    const { items } = await admin.call('listApprovals');
    const [first] = items;
    if (first === undefined) throw new Error('Nothing waits.');
    return first;
  }, patience);
}

async function answer(body: ApprovalAnswer) {
  const { id } = await waiting();
  return admin.call('answerApproval', { params: { id }, body });
}

async function timelineOf(id: string): Promise<TimelineEntry[]> {
  const detail = await vi.waitFor(() => admin.call('getRecordDetail', { params: { id } }), patience);
  return detail.timeline;
}

/** What `/ws` tells of a channel. */
async function listen(channel: string) {
  const socket = new WebSocket(`${app.origin.replace('http', 'ws')}/ws`, {
    headers: { cookie: admin.cookie, origin: app.origin },
  });
  const told: { type: string; data: unknown }[] = [];
  socket.on('message', (message) => told.push(JSON.parse(String(message))));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'subscribe', data: { channel } }));
  await vi.waitFor(() => expect(told.some(({ type }) => type === 'subscribed')).toBe(true), patience);
  return { told, close: () => socket.close() };
}

describe('in the console', () => {
  test('a call that is allowed is made; run, record, audit and feed tell of it', async () => {
    const feed = await listen('approvals');
    agentCalls(call('Write', { file_path: 'made.txt', content: 'made' }));
    const asked = chat();
    const approval = await waiting();
    expect(approval).toMatchObject({
      ...{ name: 'Write', server: null, choice: 0, keyId: owner, keyName: 'ci' },
      input: { content: 'made' },
    });
    expect(await findFile('made.txt')).toBe('');
    expect(await answer({ decision: 'allow' })).toMatchObject({ outcome: 'allow', by: 'admin' });

    const { data, response } = await asked;
    expect(data.choices[0]?.message).toMatchObject({
      content: expect.stringContaining('Results: File created'),
      reasoning_content: expect.stringContaining('[Write] waits for approval'),
    });
    expect(await readFile(await findFile('made.txt'), 'utf8')).toBe('made');

    const id = response.headers.get('x-request-id') ?? '';
    expect(approval.runId).toBe(id);
    const timeline = await timelineOf(id);
    expect(timeline.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['tool_started', 'approval_requested', 'approval_ended', 'tool_done', 'files']),
    );
    expect(timeline.find(({ type }) => type === 'approval_requested')).toMatchObject({
      approvalId: approval.id,
      server: null,
      arguments: { content: 'made' },
    });
    expect(timeline.find(({ type }) => type === 'approval_ended')).toMatchObject({
      outcome: 'allow',
      by: 'admin',
    });
    const { items } = await admin.call('listAudit', { query: { action: 'approval.answered' } });
    expect(items[0]).toMatchObject({ target: id, details: { decision: 'allow', tool: 'Write' } });
    await vi.waitFor(
      () =>
        expect(feed.told.filter(({ type }) => type.startsWith('approval_'))).toMatchObject([
          { type: 'approval_requested', data: approval },
          { type: 'approval_ended', data: { id: approval.id, outcome: 'allow', by: 'admin' } },
        ]),
      patience,
    );
    feed.close();
    expect((await admin.call('listApprovals')).items).toEqual([]);
    await expect(
      admin.call('answerApproval', { params: { id: approval.id }, body: { decision: 'deny' } }),
    ).rejects.toMatchObject({ status: 404, code: 'not_found' });
  });

  test('a call that is denied is not made, and the agent is told why', async () => {
    agentCalls(bash('touch denied'));
    const asked = chat();
    await answer({ decision: 'deny', message: 'Not on a Friday.' });
    const { data } = await asked;
    expect(data.choices[0]?.message.content).toContain('Not on a Friday.');
    expect(await findFile('denied')).toBe('');
  });

  test('what is allowed for the run is not asked again, and is with the next run', async () => {
    const make = (n: number) => call('Write', { file_path: `free-${n}.txt`, content: 'x' });
    upstream.script((request) => {
      const results = request.messages.filter((message) => JSON.stringify(message).includes('tool_result'));
      return results.length >= 2 ? say('done') : { blocks: [make(results.length)] };
    });
    const first = chat();
    await answer({ decision: 'allow_for_run' });
    const { data, response } = await first;
    expect(data.choices[0]?.message.content).toContain('done');
    expect(await findFile('free-1.txt')).not.toBe('');
    const timeline = await timelineOf(response.headers.get('x-request-id') ?? '');
    expect(timeline.filter(({ type }) => type === 'approval_requested')).toHaveLength(1);

    agentCalls(make(3));
    // The same conversation, and so the same process.
    const second = openai.chat.completions.create({
      model: 'agent',
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: data.choices[0]?.message.content ?? '' },
        { role: 'user', content: 'more' },
      ],
    });
    await answer({ decision: 'deny' });
    await second;
    expect(await findFile('free-3.txt')).toBe('');
  });

  test('a call that nobody answers is denied in the end', async () => {
    await admin.call('updateSettings', { body: { changes: { APPROVAL_TIMEOUT_SECONDS: 1 } } });
    agentCalls(bash('touch late'));
    const { data, response } = await chat();
    expect(data.choices[0]?.message.content).toContain('Nobody answered');
    expect(await findFile('late')).toBe('');
    const timeline = await timelineOf(response.headers.get('x-request-id') ?? '');
    expect(timeline).toContainEqual(
      expect.objectContaining({ type: 'approval_ended', outcome: 'expired', by: null }),
    );
    expect(timeline).toContainEqual(expect.objectContaining({ type: 'notice', code: 'tool_denied' }));
    await admin.call('updateSettings', { body: { changes: { APPROVAL_TIMEOUT_SECONDS: 300 } } });
  });

  test('a run that is stopped takes its question back', async () => {
    const feed = await listen('approvals');
    agentCalls(bash('touch stopped'));
    const asked = chat();
    const { id, runId } = await waiting();
    await admin.call('stopRun', { params: { id: runId } });
    await expect(asked).rejects.toBeInstanceOf(OpenAI.APIError);
    expect((await admin.call('listApprovals')).items).toEqual([]);
    await vi.waitFor(
      () =>
        expect(feed.told).toContainEqual(
          expect.objectContaining({
            type: 'approval_ended',
            data: { id, runId, outcome: 'withdrawn', by: null },
          }),
        ),
      patience,
    );
    feed.close();
    expect(await timelineOf(runId)).toContainEqual(
      expect.objectContaining({ type: 'approval_ended', outcome: 'withdrawn' }),
    );
  });

  test('is for admins, and for keys only where they are let', async () => {
    await admin.call('createUser', {
      body: { username: 'ada', password: 'a first password', role: 'viewer' },
    });
    const viewer = await ConsoleClient.signIn(app.origin, 'a first password', 'ada');
    const other = await makeKey('other');
    agentCalls(bash('touch by-key'));
    const asked = chat();
    const { id } = await waiting();
    const params = { id };
    await expect(viewer.call('listApprovals')).rejects.toMatchObject({ status: 403 });
    await expect(
      viewer.call('answerApproval', { params, body: { decision: 'allow' } }),
    ).rejects.toMatchObject({ status: 403 });

    const post = (client: OpenAI) => client.post(`/approvals/${id}`, { body: { decision: 'allow' } });
    expect(await openai.get('/approvals')).toMatchObject({ object: 'list', data: [{ id, name: 'Bash' }] });
    expect(await other.openai.get('/approvals')).toEqual({ object: 'list', data: [] });
    await expect(post(openai)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('APPROVALS_BY_KEYS'),
    });
    await admin.call('updateSettings', { body: { changes: { APPROVALS_BY_KEYS: true } } });
    await expect(post(other.openai)).rejects.toMatchObject({ status: 404 });
    expect(await post(openai)).toMatchObject({ id, object: 'approval.answered', outcome: 'allow' });
    await asked;
    expect(await findFile('by-key')).not.toBe('');
    await admin.call('updateSettings', { body: { changes: { APPROVALS_BY_KEYS: false } } });
  });
});

describe('of the client of a response', () => {
  const tool = { model: 'agent', instructions: 'Work.' };
  const decide = (previous: OpenAI.Responses.Response, approve: boolean) => {
    const request = previous.output.find((item) => item.type === 'mcp_approval_request');
    return {
      ...tool,
      previous_response_id: previous.id,
      input: [{ type: 'mcp_approval_response' as const, approval_request_id: request?.id ?? '', approve }],
    };
  };
  /** It reads, then writes; once told of the decision it does as it is told. */
  const work = (name: string): void =>
    upstream.script((request) => {
      // Claude Code tells the decision as a reminder.
      const said = JSON.stringify(request.messages.findLast(({ role }) => role === 'user'));
      const write = (id: string) => call('Write', { file_path: name, content: name }, id);
      if (said.includes('toolu_again')) return say('Written.');
      if (said.includes('The user approved')) return { blocks: [write('toolu_again')] };
      if (said.includes('The user declined')) return say('Then not.');
      if (lastResults(request).length > 0) return { blocks: [text('I write it.'), write('toolu_first')] };
      return { blocks: [bash('echo secret-of-the-first-step')] };
    });

  test('a call becomes an approval request, and is made once it is approved', async () => {
    work('approved.txt');
    const first = await openai.responses.create({ ...tool, input: 'go' });
    expect(first.output.map(({ type }) => type)).toEqual(['message', 'mcp_approval_request']);
    expect(first).toMatchObject({ status: 'completed', output_text: 'I write it.' });
    expect(first.output[1]).toMatchObject({ server_label: 'claude_code', name: 'Write' });
    expect((await admin.call('listApprovals')).items).toEqual([]);
    expect(await findFile('approved.txt')).toBe('');

    const second = await openai.responses.create(decide(first, true));
    expect(second.output_text).toBe('Written.');
    expect(await readFile(await findFile('approved.txt'), 'utf8')).toBe('approved.txt');
    // What the agent did before it asked is not lost, and the question is not put twice.
    const sent = JSON.stringify(upstream.requests.at(-1)?.messages);
    expect(sent).toContain('secret-of-the-first-step');
    expect(sent.match(/"go"/g) ?? []).toHaveLength(1);
  });

  test('and is not made if it is declined, told in a stream', async () => {
    work('declined.txt');
    const stream = await openai.responses.create({ ...tool, input: 'go', stream: true });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    checkResponseEvents(events);
    const last = events.at(-1);
    if (last?.type !== 'response.completed') throw new Error('The response did not end well.');
    const second = await openai.responses.create(decide(last.response, false));
    expect(second.output_text).toBe('Then not.');
    expect(await findFile('declined.txt')).toBe('');
  });

  test('it is the console where the operator wants that', async () => {
    await admin.call('updateSettings', { body: { changes: { APPROVALS: 'console' } } });
    agentCalls(call('Write', { file_path: 'by-console.txt', content: 'x' }));
    const asked = openai.responses.create({ ...tool, input: 'go' });
    await answer({ decision: 'deny' });
    expect((await asked).output.every(({ type }) => type !== 'mcp_approval_request')).toBe(true);
    await admin.call('updateSettings', { body: { changes: { APPROVALS: 'client' } } });
  });
});

test('where edits are accepted, only what is beyond them is asked about', async () => {
  await admin.call('putProfile', { params: { name: 'editor' }, body: { permissionMode: 'acceptEdits' } });
  agentCalls(
    call('Write', { file_path: 'edit.txt', content: 'x' }),
    call('Read', { file_path: 'edit.txt' }),
    bash('node -e 1'),
  );
  const asked = openai.chat.completions.create({
    model: 'editor',
    messages: [{ role: 'user', content: 'go' }],
  });
  expect(await waiting()).toMatchObject({ name: 'Bash', profile: 'editor' });
  expect(await findFile('edit.txt')).not.toBe('');
  await answer({ decision: 'allow' });
  await asked;
});

test('where nobody is to be asked, the agent is told so at once', async () => {
  await admin.call('updateSettings', { body: { changes: { APPROVALS: 'deny' } } });
  agentCalls(bash('touch never'));
  const { data } = await chat();
  expect(data.choices[0]?.message.content).toContain('PERMISSION_MODE');
  expect(await findFile('never')).toBe('');
});

test('the client’s own tools are the client’s to permit', async () => {
  agentCalls(call('get_weather', {}));
  const { choices } = await openai.chat.completions.create({
    model: 'agent',
    messages: [{ role: 'user', content: 'go' }],
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
  });
  expect(choices[0]?.finish_reason).toBe('tool_calls');
  const toolCall = choices[0]?.message.tool_calls?.[0];
  const { choices: answered } = await openai.chat.completions.create({
    model: 'agent',
    messages: [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: null, tool_calls: toolCall === undefined ? [] : [toolCall] },
      { role: 'tool', tool_call_id: toolCall?.id ?? '', content: 'It snows.' },
    ],
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
  });
  expect(answered[0]?.message.content).toContain('It snows.');
});

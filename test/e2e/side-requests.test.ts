import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  type ClientSideRequest,
  openWebuiFollowUps,
  openWebuiTags,
  openWebuiTitle,
} from '../../src/openai/testing/side-requests.ts';
import { openDatabase } from '../../src/storage/index.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  conversation,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  type Upstream,
  type UpstreamRequest,
} from '../support/upstream.ts';

let upstream: Upstream;
let app: TestApp;
let admin: ConsoleClient;

beforeAll(async () => {
  upstream = await startUpstream();
  app = await startApp({ upstream });
  admin = await ConsoleClient.signIn(app.origin);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** An agent that draws the harbour when it is asked to; side requests are answered by what they are about. */
beforeEach(() =>
  upstream.script((request) => {
    if (lastResults(request).length > 0) return say('I made harbour.svg.');
    if (!lastUserText(request).startsWith('Draw')) return say(`by ${request.model}`);
    const file_path = path.join(app.workspace, 'harbour.svg');
    return { blocks: [call('Write', { file_path, content: '<svg/>' })] };
  }),
);

type Sent = ClientSideRequest['messages'][number];
const drawn: readonly Sent[] = [{ role: 'user', content: 'Draw the harbour of Oslo' }];

async function ask(messages: readonly Sent[]) {
  const { data, response } = await app.openai.chat.completions
    .create({ model: 'agent', messages: [...messages] })
    .withResponse();
  const content = data.choices[0]?.message.content ?? '';
  const requestId = response.headers.get('x-request-id') ?? '';
  return { content, model: data.model, kind: response.headers.get('x-claudecode-side-request'), requestId };
}

/** What upstream was asked during some work. */
async function asked(work: () => Promise<unknown>): Promise<UpstreamRequest[]> {
  const before = upstream.requests.length;
  await work();
  return upstream.requests.slice(before);
}

function recordOf(requestId: string) {
  return vi.waitFor(() => admin.call('getRecord', { params: { id: requestId } }), { timeout: 10_000 });
}

/** How many conversations the server remembers the course of. */
async function sessionsKept(): Promise<number> {
  await using database = await openDatabase(path.join(app.directory, 'data', 'webui.sqlite'));
  const sessions = await database.kysely.selectFrom('transcript_sessions').select('id').execute();
  return sessions.length;
}

test('beside a chat with the agent, the small model writes title, tags and follow-ups', async () => {
  const first = await ask(drawn);
  expect(first.content).toMatch(/^I made harbour\.svg\./);
  expect(first.kind).toBeNull();
  const kept = await sessionsKept();

  const side = [openWebuiTitle, openWebuiTags, openWebuiFollowUps];
  let answers: Awaited<ReturnType<typeof ask>>[] = [];
  const seen = await asked(async () => {
    answers = await Promise.all(side.map(({ messages }) => ask(messages)));
  });
  expect(answers.map(({ kind }) => kind)).toEqual(['title', 'tags', 'follow-ups']);
  for (const { content, model } of answers) {
    expect(content).toMatch(/^by claude-haiku/);
    expect(model).toBe('agent');
  }
  expect(seen).toHaveLength(3);
  for (const request of seen) {
    expect(request.model).toMatch(/haiku/);
    expect(request.tools ?? []).toEqual([]);
    expect(request.output_config).toMatchObject({ effort: 'low' });
    expect(JSON.stringify(request.system ?? [])).not.toContain(app.workspace);
  }
  const texts = (requests: readonly unknown[]): string[] =>
    requests.map((one) => JSON.stringify(one)).toSorted();
  expect(texts(seen.map(conversation))).toEqual(texts(side.map(({ messages }) => messages)));
  expect(await recordOf(answers[0]?.requestId ?? '')).toMatchObject({
    profile: 'model',
    modelAsked: 'agent',
    modelUsed: expect.stringMatching(/haiku/),
    source: 'new',
  });

  // Nothing is left of them, and the conversation goes on where it was.
  const pool = () => app.app.engineStatus().pool;
  await vi.waitFor(() => expect(pool()).toMatchObject({ running: 0, idle: 1 }), { timeout: 10_000 });
  expect(await sessionsKept()).toBe(kept);
  const going = await ask([
    ...drawn,
    { role: 'assistant', content: first.content },
    { role: 'user', content: 'Is it done?' },
  ]);
  expect(going.content).toMatch(/^by claude-sonnet/);
  expect(await recordOf(going.requestId)).toMatchObject({ profile: 'agent', source: 'live' });
  expect(JSON.stringify(upstream.requests.at(-1)?.messages)).toContain('tool_use');
});

test('a title that is asked for at the end of the conversation itself takes nothing from it', async () => {
  const first = await ask(drawn);
  const messages: readonly Sent[] = [...drawn, { role: 'assistant', content: first.content }];
  const prompt: Sent = {
    role: 'user',
    content:
      "Generate a concise 3-7 word title for this conversation, omitting punctuation.\nGo straight to the title, without any preamble and prefix like `Here's a concise suggestion:...`",
  };
  const [seen] = await asked(async () =>
    expect(await ask([...messages, prompt])).toMatchObject({ kind: 'title', model: 'agent' }),
  );
  expect(seen?.model).toMatch(/haiku/);
  expect(JSON.stringify(seen?.messages)).not.toContain('tool_use');
  expect(conversation(seen).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  const going = await ask([...messages, { role: 'user', content: 'Is it done?' }]);
  expect(await recordOf(going.requestId)).toMatchObject({ source: 'live' });
});

test('switched off, the agent is asked as for anything else', async () => {
  await admin.call('updateSettings', { body: { changes: { SIDE_REQUESTS: 'off' } } });
  const [seen] = await asked(async () => {
    const answer = await ask(openWebuiTitle.messages);
    expect(answer).toMatchObject({ kind: null, content: expect.stringMatching(/^by claude-sonnet/) });
    expect(await recordOf(answer.requestId)).toMatchObject({ profile: 'agent' });
  });
  expect(seen?.tools?.length).toBeGreaterThan(0);
});

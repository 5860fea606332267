import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/start-app.ts';
import { call, conversation, lastResults, say, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await startUpstream();
  app = await startApp({ upstream, env: { SANDBOX: 'auto' } });
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Makes a text with a file tool and a picture with a shell command, and then says so. */
beforeEach(() =>
  upstream.script((request) => {
    if (lastResults(request).length > 0) return say('Made both.');
    return {
      blocks: [
        call('Write', {
          file_path: path.join(app.workspace, 'notes', 'poem.md'),
          content: '# Oslo\n\nSnow.\n',
        }),
        call('Bash', {
          command: `printf '%s' '${png.toString('base64')}' | base64 -d > chart.png`,
          description: 'draw',
        }),
      ],
    };
  }),
);

const asked = { model: 'agent', messages: [{ role: 'user' as const, content: 'Make them' }] };

interface Artifact {
  readonly path: string;
  readonly operation: string;
  readonly media_type?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly url?: string;
  readonly file_id?: string;
}

function artifactsOf(message: object): Artifact[] {
  return (message as { artifacts?: Artifact[] }).artifacts ?? [];
}

describe('a chat answer', () => {
  test('shows texts, links to pictures, and goes on live when it comes back as history', async () => {
    const completion = await app.openai.chat.completions.create(asked);
    const message = completion.choices[0]?.message;
    expect(message?.content).toMatch(/^Made both\./);
    expect(message?.content).toContain('```markdown\n# Oslo\n\nSnow.\n```');
    const artifacts = artifactsOf(message ?? {});
    expect(artifacts.map(({ path: name, operation }) => [name, operation])).toEqual([
      ['chart.png', 'created'],
      ['notes/poem.md', 'created'],
    ]);
    const [picture] = artifacts;
    expect(picture).toMatchObject({
      media_type: 'image/png',
      size: png.length,
      sha256: createHash('sha256').update(png).digest('hex'),
    });
    expect(message?.content).toContain(`[chart.png](${picture?.url})`);
    const download = await fetch(picture?.url ?? '');
    expect(download.headers.get('content-type')).toBe('image/png');
    expect(download.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(download.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await download.arrayBuffer()).equals(png)).toBe(true);

    upstream.script(() => say('You are welcome.'));
    const messages = [...asked.messages, message ?? { role: 'assistant' as const, content: '' }];
    await app.openai.chat.completions.create({
      ...asked,
      messages: [...messages, { role: 'user', content: 'Thanks' }],
    });
    // What was added to the answer is not taken for Claude's words, and the tools are still in its context.
    const history = JSON.stringify(conversation(upstream.requests.at(-1)));
    expect(history).toContain('tool_use');
    expect(history).not.toContain('claudecode-api:files');
  });

  test('streams the same, as an SDK reads it', async () => {
    await app.openai.chat.completions.create(asked);
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say('Changed it.')
        : {
            blocks: [
              call('Bash', { command: 'echo more >> notes/poem.md && rm chart.png', description: 'change' }),
            ],
          },
    );
    const stream = app.openai.chat.completions.stream({
      ...asked,
      messages: [{ role: 'user', content: 'Change' }],
    });
    const completion = await stream.finalChatCompletion();
    const { message } = completion.choices[0] ?? {};
    expect(message?.content).toMatch(/^Changed it\./);
    expect(artifactsOf(message ?? {}).map(({ path: name, operation }) => [name, operation])).toEqual([
      ['chart.png', 'deleted'],
      ['notes/poem.md', 'modified'],
    ]);
  });

  test.each(['links', 'off'])('in the mode %s has no file in its text', async (mode) => {
    const headers = { 'x-claudecode-files': mode };
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say('Done.')
        : { blocks: [call('Bash', { command: `echo ${mode} > ${mode}.txt`, description: 'write' })] },
    );
    const completion = await app.openai.chat.completions.create(asked, { headers });
    const content = completion.choices[0]?.message.content ?? '';
    expect(content).not.toContain('```');
    expect(content.includes(`[${mode}.txt](`)).toBe(mode === 'links');
  });

  test('tells of nothing where nothing changed', async () => {
    upstream.script(() => say('Nothing to do.'));
    const completion = await app.openai.chat.completions.create(asked);
    expect(completion.choices[0]?.message.content).toBe('Nothing to do.');
    expect(artifactsOf(completion.choices[0]?.message ?? {})).toEqual([]);
  });
});

test('a response cites the files, which are in its container', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('See picture.png.')
      : {
          blocks: [
            call('Bash', {
              command: `printf '%s' '${png.toString('base64')}' | base64 -d > picture.png`,
              description: 'draw',
            }),
          ],
        },
  );
  const response = await app.openai.responses.create({
    model: 'agent',
    input: 'Draw',
    tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
  });
  const message = response.output.find(({ type }) => type === 'message');
  const [part] = message?.type === 'message' ? message.content : [];
  const [citation] = part?.type === 'output_text' ? part.annotations : [];
  expect(citation).toMatchObject({ type: 'container_file_citation', filename: 'picture.png' });
  if (citation?.type !== 'container_file_citation') throw new Error('no citation');
  const { container_id, file_id } = citation;
  expect(response.output).toContainEqual(
    expect.objectContaining({ type: 'code_interpreter_call', status: 'completed', container_id }),
  );
  const content = await app.openai.containers.files.content.retrieve(file_id, { container_id });
  expect(Buffer.from(await content.arrayBuffer()).equals(png)).toBe(true);
  const listed = await app.openai.containers.files.list(container_id);
  expect(listed.data.map((file) => file.path)).toContain('picture.png');
});

test('an upload reaches the agent as content and in its workspace', async () => {
  const file = await app.openai.files.create({
    file: await toFile(Buffer.from('a,b\n1,2\n'), 'table.csv'),
    purpose: 'user_data',
  });
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('Read.')
      : { blocks: [call('Bash', { command: 'cat uploads/*/table.csv', description: 'read' })] },
  );
  await app.openai.chat.completions.create({
    model: 'agent',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'file', file: { file_id: file.id } },
        ],
      },
    ],
  });
  const results = lastResults(upstream.requests.at(-1) ?? upstream.requests[0] ?? raise());
  expect(JSON.stringify(results)).toContain('a,b\\n1,2');
  expect(JSON.stringify(upstream.requests.at(-1)?.messages)).toContain('table.csv');
  expect(await readFile(path.join(app.workspace, 'uploads', file.id, 'table.csv'), 'utf8')).toBe(
    'a,b\n1,2\n',
  );
});

test('ten runs at once in one workspace each tell their own files', async () => {
  upstream.script((request) => {
    const text = JSON.stringify(request.messages);
    const name = /make (f\d+)/.exec(text)?.[1] ?? 'none';
    return lastResults(request).length > 0
      ? say(`Made ${name}.`)
      : { blocks: [call('Bash', { command: `echo ${name} > ${name}.txt`, description: 'make' })] };
  });
  const told = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const client = new OpenAI({ baseURL: app.baseUrl, apiKey: 'any', maxRetries: 0 });
      const completion = await client.chat.completions.create({
        model: 'agent',
        messages: [{ role: 'user', content: `make f${index}` }],
      });
      return artifactsOf(completion.choices[0]?.message ?? {}).map(({ path: name }) => name);
    }),
  );
  expect(told).toEqual(Array.from({ length: 10 }, (_, index) => [`f${index}.txt`]));
});

function raise(): never {
  throw new Error('upstream was not asked');
}

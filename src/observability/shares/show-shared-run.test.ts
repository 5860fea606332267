import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RecordDetail, sharedRun, type TimelineEntry } from '../../contract/index.ts';
import { plantedSecret, secretFieldName } from '../testing/planted-secrets.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createHidePlaces } from './hide-places.ts';
import { showSharedRun } from './show-shared-run.ts';

const root = '/srv/agents';
const hide = createHidePlaces({ workspaceRoots: [root], serverDirectories: ['/home/claude'] });
const usage = {
  inputTokens: 11,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 7,
  thinkingTokens: 0,
  costUsd: 0.031415,
  upstreamCalls: 1,
};
const when = { atMs: 5, choice: 0 };

function detailOf(more: Partial<RecordDetail>): RecordDetail {
  return {
    level: 'full',
    requestHeaders: null,
    responseHeaders: null,
    request: null,
    response: null,
    timeline: [],
    truncated: false,
    ...more,
  };
}

const show = (detail: Partial<RecordDetail>, record = {}) =>
  showSharedRun(sampleRecord(record), detailOf(detail), hide);

describe('the conversation', () => {
  test('of Chat Completions: messages, calls with their outputs, and the answer; no instructions', () => {
    const request = {
      messages: [
        { role: 'system', content: 'the rules of the house' },
        { role: 'developer', content: 'the rules of the house' },
        { role: 'user', content: 'Hello' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_x', type: 'function', function: { name: 'look', arguments: '{"at":1}' } }],
        },
        { role: 'tool', tool_call_id: 'call_x', content: 'seen' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'And this?' },
            { type: 'image_url', image_url: { url: '[image/png, 10 bytes]' } },
          ],
        },
      ],
    };
    const response = { object: 'chat.completion', choices: [{ message: { content: 'A cat.' } }] };
    expect(show({ request, response }).messages).toEqual([
      { role: 'user', text: 'Hello', attachments: 0 },
      { role: 'tool', name: 'look', input: { at: 1 }, output: 'seen' },
      { role: 'user', text: 'And this?', attachments: 1 },
      { role: 'assistant', text: 'A cat.' },
    ]);
  });

  test('of Responses: items, and the messages of the output', () => {
    const request = {
      instructions: 'the rules of the house',
      previous_response_id: 'resp_secret',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
        { type: 'reasoning', id: 'rs_1', encrypted_content: 'opaque' },
        { type: 'function_call', call_id: 'c', name: 'look', arguments: 'not JSON' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
      ],
    };
    const response = { output: [{ type: 'message', content: [{ type: 'output_text', text: 'There.' }] }] };
    expect(show({ request, response }).messages).toEqual([
      { role: 'user', text: 'Hello', attachments: 0 },
      { role: 'tool', name: 'look', input: 'not JSON', output: null },
      { role: 'assistant', text: 'Hi' },
      { role: 'assistant', text: 'There.' },
    ]);
  });

  test('of a prompt, or of an input that is a text', () => {
    const said = { role: 'user', text: 'Hello', attachments: 0 };
    expect(show({ request: { prompt: 'Hello' } }).messages).toEqual([said]);
    expect(show({ request: { prompt: ['Hello', 'Hello'] } }).messages).toEqual([said, said]);
    expect(show({ request: { input: 'Hello' } }).messages).toEqual([said]);
  });

  test('takes the answer from the timeline, where there is one: without what was taken back and without links', () => {
    const timeline: TimelineEntry[] = [
      { ...when, type: 'text', text: 'Wrong' },
      { ...when, type: 'text_reset' },
      { ...when, type: 'text', text: 'Right, ' },
      { ...when, type: 'text', text: 'and so on' },
      { ...when, choice: 1, type: 'thinking', text: 'Hm' },
      { ...when, type: 'text', text: '.' },
      { ...when, type: 'thinking', text: 'Hm' },
      { ...when, type: 'text', text: 'Done.' },
      { ...when, choice: 1, type: 'text', text: 'Other' },
    ];
    const response = {
      choices: [{ message: { content: 'Right [file](http://x/v1/files/f/content?token=t)' } }],
    };
    expect(show({ timeline, response }).messages).toEqual([
      { role: 'assistant', text: 'Right, and so on.\n\nDone.' },
      { role: 'assistant', text: 'Other' },
    ]);
  });

  test('of a body in any form is something, or nothing', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (request, response) => {
        const detail = { request: JSON.parse(request), response: JSON.parse(response) };
        expect(() => sharedRun.parse({ ...show(detail), expiresAt: 1 })).not.toThrow();
      }),
      { numRuns: 50 },
    );
  });
});

/** Whatever a timeline can hold, with a text in every place. */
function fullTimeline(text: string, field: string): TimelineEntry[] {
  const call = { ...when, callId: `toolu_${text}`, name: 'Edit' };
  const change = { path: text, operation: 'renamed', previousPath: text, diff: text } as const;
  const content = { size: 1, mediaType: 'a/b', sha256: 'the sha' };
  return [
    { ...when, type: 'started', model: text, source: 'the source' },
    { ...when, type: 'text', text },
    { ...when, type: 'thinking', text },
    {
      ...call,
      type: 'tool_started',
      server: text,
      input: { file_path: text, [text]: text, [field]: 'hush' },
    },
    {
      ...call,
      type: 'tool_done',
      isError: false,
      output: text,
      detail: { structuredPatch: [{ lines: [text] }], originalFile: 'the original' },
      parentCallId: `toolu_${text}`,
    },
    { ...call, type: 'client_call', arguments: { deep: [{ text, [field]: { a: 'hush' } }] } },
    { ...call, type: 'approval_requested', server: text, arguments: { text }, approvalId: 'the approval' },
    { ...call, type: 'approval_ended', outcome: 'allow', by: 'the approver' },
    {
      ...when,
      type: 'files',
      workspaceId: 'the workspace',
      changes: [{ ...change, content, fileId: 'the file' }],
      omitted: 0,
      certain: true,
    },
    { ...when, type: 'notice', code: 'the notice', message: text },
    { ...when, type: 'usage', usage },
    { ...when, type: 'done', stopReason: 'end', usage },
    { ...when, type: 'error', code: 'the code', message: 'the internals', usage },
  ];
}

test('nobody is told more than what is on the list', () => {
  const record = {
    id: 'the id',
    owner: 'the owner',
    keyId: 'the key',
    keyName: 'the key name',
    profile: 'the profile',
    conversation: 'the conversation',
    responseId: 'the response',
    client: 'the client',
    address: 'the address',
    errorCode: 'the code',
    errorMessage: 'the internals',
    costUsd: 0.031415,
  };
  const requestHeaders: [string, string][] = [['x-name', 'the header']];
  const shown = show(
    { timeline: fullTimeline('a.md', 'token'), requestHeaders, request: { user: 'the user' } },
    record,
  );
  expect(Object.keys(shown).sort()).toEqual([
    'durationMs',
    'inputTokens',
    'messages',
    'model',
    'outputTokens',
    'startedAt',
    'succeeded',
    'timeline',
    'truncated',
  ]);
  expect(shown.succeeded).toBe(false);
  const text = JSON.stringify(shown);
  expect(text).not.toMatch(/the [a-z]|031415|toolu_|hush/);
  // The schema that the answer goes through takes nothing away either.
  expect(sharedRun.parse({ ...shown, expiresAt: 1 })).toEqual({ ...shown, expiresAt: 1 });
});

test('calls keep together under new names', () => {
  const { timeline } = show({
    timeline: [
      { ...when, type: 'tool_started', callId: 'toolu_a', name: 'Task', input: {} },
      { ...when, type: 'tool_started', callId: 'toolu_b', name: 'Read', input: {}, parentCallId: 'toolu_a' },
      { ...when, type: 'tool_done', callId: 'toolu_b', name: 'Read', isError: false, output: '' },
    ],
  });
  expect(timeline).toMatchObject([
    { callId: 'call-1' },
    { callId: 'call-2', parentCallId: 'call-1' },
    { callId: 'call-2' },
  ]);
});

test('no secret, nor a path of a workspace, is told, wherever it stands', () => {
  const place = fc.constantFrom(
    `${root}/a.md`,
    `${root}/owner-0123456789abcdef01234567/b`,
    '/home/claude/.x',
  );
  fc.assert(
    fc.property(plantedSecret, place, secretFieldName, ({ secret, text: planted }, path, field) => {
      const text = `${planted} ${path}`;
      const said = (role: string) => ({ role, content: [{ type: 'text', text }, text] });
      const call = JSON.stringify({ [field]: 'hush', path: text });
      const request = {
        messages: [
          said('user'),
          {
            role: 'assistant',
            content: text,
            tool_calls: [{ id: 'c', function: { name: text, arguments: call } }],
          },
          { role: 'tool', tool_call_id: 'c', content: text },
        ],
        input: text,
        prompt: text,
      };
      const response = {
        choices: [{ message: { content: text } }],
        output: [{ type: 'message', content: text }],
      };
      for (const timeline of [fullTimeline(text, field), []]) {
        const shown = JSON.stringify(show({ request, response, timeline }));
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain('hush');
        expect(shown).not.toContain(root);
        expect(shown).not.toContain('/home/claude');
        expect(shown).not.toContain('owner-0');
      }
    }),
    { numRuns: 60 },
  );
});

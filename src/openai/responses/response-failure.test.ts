import { describe, expect, it, test } from 'vitest';
import { checkResponseEvents } from '../../../test/support/check-response-events.ts';
import { type FileChange, noUsage, type TurnEvent } from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { filesChanged, imageContent } from '../testing/files.ts';
import { countingIds, decodeResponses } from '../testing/responses.ts';
import { collectOutput } from './collect-output.ts';
import { ResponseStreamEncoder } from './encode-response-stream.ts';
import { failStoredResponse } from './response-failure.ts';

const request = decodeResponses({
  tools: [{ type: 'code_interpreter' }, { type: 'custom', name: 'patch' }],
});
/** Items of every kind. */
const events: TurnEvent[] = [
  { type: 'thinking.delta', text: 'one' },
  { type: 'thinking.started' },
  { type: 'thinking.delta', text: 'two' },
  { type: 'text.delta', text: 'Hel' },
  { type: 'text.delta', text: 'lo' },
  { type: 'tool.started', callId: 'a', name: 'Read', input: { file_path: 'x' } },
  { type: 'tool.started', callId: 'b', name: 'Bash', input: { command: 'ls' } },
  { type: 'tool.started', callId: 'c', name: 'WebSearch', input: { query: 'q' } },
  { type: 'approval.requested', callId: 'd', server: 's', name: 't', arguments: {} },
  { type: 'tool.done', callId: 'a', name: 'Read', isError: false, output: 'text' },
  { type: 'client-call.started', callId: 'e', name: 'f' },
  { type: 'client-call.delta', callId: 'e', argumentsDelta: '{"a"' },
  { type: 'client-call.started', callId: 'g', name: 'patch' },
  { type: 'client-call.delta', callId: 'g', argumentsDelta: '{"input":"***' },
];
function encode(count: number) {
  const encoder = new ResponseStreamEncoder({
    ...request,
    id: 'resp_1',
    createdAt: 1,
    now: () => 2,
    newId: countingIds(),
  });
  const told = [...encoder.queue(), ...encoder.start()];
  const stored = encoder.response();
  told.push(...events.slice(0, count).flatMap((event) => encoder.push(event)));
  return { encoder, told, stored };
}
const error = new WireError({
  status: 500,
  type: 'server_error',
  code: 'server_restarted',
  message: 'Gone.',
});

describe('a stored response whose run is lost', () => {
  test.each(events.map((_, count) => [count + 1]))('after %i events goes on where they end', (count) => {
    const { told, stored, encoder } = encode(count);
    const failed = failStoredResponse(stored, error, told.length, told);
    const final = checkResponseEvents([...told, ...failed.events]);
    expect(final).toEqual(failed.response);
    expect(failed.response).toMatchObject({
      status: 'failed',
      error: { code: 'server_restarted', message: 'Gone.' },
    });
    // The encoder, if it were not lost, would say the same.
    encoder.fail(error);
    expect(failed.response).toEqual(encoder.response());
  });

  it('is failed even if it was about to be completed', () => {
    const { encoder, told } = encode(0);
    encoder.push({ type: 'done', stopReason: 'end', usage: noUsage });
    const failed = failStoredResponse(encoder.response(), error, told.length);
    expect(failed.response).toMatchObject({ status: 'failed', completed_at: null });
    checkResponseEvents([...told, ...failed.events]);
  });
});

test('the events of a stream with files say what the response says', () => {
  const change: FileChange = { path: 'a', operation: 'created', content: imageContent, fileId: 'cfile_1' };
  const files = filesChanged([change, { ...change, path: 'b' }], { containerId: 'cntr_1' });
  const { encoder, told } = encode(0);
  told.push(...encoder.push({ type: 'text.delta', text: 'a, b' }), ...encoder.push(files));
  told.push(...encoder.push({ type: 'done', stopReason: 'length', usage: noUsage }));
  expect(collectOutput(told.filter(({ type }) => !/_part\.done|_item\.done/.test(type)))).toEqual(
    encoder.response().output,
  );
});

test('the events of a whole stream say what the response says', () => {
  const { encoder, told } = encode(events.length);
  told.push(...encoder.push({ type: 'done', stopReason: 'length', usage: noUsage }));
  expect(collectOutput(told)).toEqual(encoder.response().output);
});

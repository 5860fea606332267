import { describe, expect, it, test } from 'vitest';
import { checkResponseEvents } from '../../../test/support/check-response-events.ts';
import {
  modelProfile,
  noUsage,
  type StopReason,
  type Turn,
  TurnError,
  type TurnEvent,
} from '../../turn/index.ts';
import { countingIds, decodeResponses, plainSeal } from '../testing/responses.ts';
import { compactionTurn, openCompaction, sealCompaction } from './compaction.ts';
import { CompactionStreamEncoder, encodeCompactedResponse } from './encode-compaction.ts';
import type { CompactionItem, StoredItem } from './items.ts';

describe('a sealed summary', () => {
  it('can be opened again', () => {
    expect(openCompaction(sealCompaction('all\n"of" it', plainSeal.seal), plainSeal.open)).toBe(
      'all\n"of" it',
    );
  });

  test.each([
    ['what another server made', 'gAAAA'],
    ['another sealed text', plainSeal.seal('summary')],
    ['another sealed object', plainSeal.seal('{"summary":"x"}')],
    ['a summary that is no text', plainSeal.seal('{"version":"compaction/1","summary":5}')],
  ])('is not %s', (_, content) => {
    expect(openCompaction(content, plainSeal.open)).toBeUndefined();
  });
});

describe('the turn that asks for a summary', () => {
  const turn: Turn = {
    id: 't',
    owner: 'o',
    model: 'm',
    profile: modelProfile,
    system: 'S',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'a' }] }],
    tools: {
      tools: [{ name: 'f', inputSchema: { type: 'object' } }],
      choice: { type: 'required' },
      parallel: true,
    },
    output: { schema: { type: 'object' }, maxTokens: 5, stop: ['x'] },
    reasoning: { effort: 'low' },
    sampling: {},
  };

  it('has the same conversation and tools, and asks last', () => {
    const asked = compactionTurn(turn);
    expect(asked).toMatchObject({
      ...turn,
      messages: expect.anything(),
      tools: expect.anything(),
      output: { stop: [] },
    });
    expect(asked.output).toEqual({ stop: [] });
    expect(asked.tools).toEqual({ ...turn.tools, choice: { type: 'none' } });
    expect(asked.messages.slice(0, -1)).toEqual(turn.messages);
    expect(asked.messages.at(-1)).toMatchObject({ role: 'user', parts: [{ type: 'text' }] });
  });

  it('asks in the message of results, if that is the last', () => {
    const result = { type: 'tool-result', callId: 'c', content: [] } as const;
    const asked = compactionTurn({ ...turn, messages: [{ role: 'user', parts: [result] }] });
    expect(asked.messages).toHaveLength(1);
    expect(asked.messages[0]?.parts.map(({ type }) => type)).toEqual(['tool-result', 'text']);
  });
});

const text = (value: string): TurnEvent => ({ type: 'text.delta', text: value });
const done = (stopReason: StopReason = 'end'): TurnEvent => ({ type: 'done', stopReason, usage: noUsage });
function encode(events: readonly TurnEvent[]) {
  const encoder = new CompactionStreamEncoder({
    id: 'resp_1',
    createdAt: 1,
    now: () => 2,
    settings: decodeResponses({}).settings,
    newId: countingIds(),
    seal: plainSeal.seal,
  });
  const told = [...encoder.start(), ...events.flatMap((event) => encoder.push(event))];
  return { encoder, told };
}

describe('the answer to a compaction request', () => {
  it('is one compaction item, and nothing of how it was found', () => {
    const { told, encoder } = encode([
      ...[{ type: 'thinking.delta', text: 'hm' } as const, text('bad'), { type: 'text.reset' } as const],
      ...[text(' the '), text('summary\n'), done()],
    ]);
    checkResponseEvents(told);
    expect(told.map(({ type }) => type)).toEqual([
      ...[
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.output_item.done',
      ],
      'response.completed',
    ]);
    const content = sealCompaction('the summary', plainSeal.seal);
    expect(encoder.output).toEqual([{ id: 'cmp_1', type: 'compaction', encrypted_content: content }]);
    expect(encoder.response()).toMatchObject({ status: 'completed', output: encoder.output });
    expect(encoder.push(text('x'))).toEqual([]);
  });

  test.each<[string, TurnEvent[], string]>([
    ['empty', [text(' '), done()], 'engine_failed'],
    ['cut off', [text('half'), done('length')], 'engine_failed'],
    ['refused', [text('I'), done('refusal')], 'engine_failed'],
    [
      'broken',
      [{ type: 'error', error: new TurnError('overloaded', 'x'), usage: noUsage }],
      'server_is_overloaded',
    ],
  ])('fails if the summary is %s', (_, events, code) => {
    const { told, encoder } = encode(events);
    checkResponseEvents(told);
    expect(encoder.failure?.code).toBe(code);
    expect(encoder.output).toEqual([]);
  });
});

test("a compacted conversation is the user's messages and the compaction", () => {
  const { inputItems } = decodeResponses({
    input: [
      { role: 'developer', content: 'S' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ],
  });
  const compaction: CompactionItem = { id: 'cmp_1', type: 'compaction', encrypted_content: 'x' };
  const usage = encode([text('s'), done()]).encoder.response().usage;
  if (usage === null) throw new Error('no usage');
  const items: readonly StoredItem[] = inputItems;
  expect(encodeCompactedResponse({ id: 'resp_c', createdAt: 1, items, compaction, usage })).toEqual({
    id: 'resp_c',
    object: 'response.compaction',
    created_at: 1,
    output: [inputItems[1], inputItems[3], compaction],
    usage,
  });
});

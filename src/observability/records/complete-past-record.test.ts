import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { completePastRecord } from './complete-past-record.ts';

const request = {
  model: 'gpt-4o',
  stream: true,
  previous_response_id: 'resp_1',
  messages: [{ role: 'user', content: 'My key is sk-abcdefghijklmnopqrstuvwxyz, hide it.' }],
};
const response = { id: 'resp_2', object: 'response', output_text: 'Hidden.' };
const bare = { stream: false, conversation: null, responseId: null, modelAsked: null };
const full = { level: 'full', maxBytes: 10_000 } as const;

test('a record gets what its bodies tell, and loses secrets', () => {
  const past = sampleRecord({ ...bare, errorMessage: 'Bad token=abcdefgh123\nin line' });
  const { record, detail } = completePastRecord(past, { request, response }, full);
  expect(record).toEqual({
    ...past,
    ...{ stream: true, conversation: 'resp_1', responseId: 'resp_2', modelAsked: 'gpt-4o' },
    errorMessage: 'Bad token=[redacted] in line',
  });
  expect(detail).toMatchObject({ level: 'full', response, timeline: [], truncated: false });
  expect(JSON.stringify(detail)).toContain('hide it.');
  expect(JSON.stringify(detail)).not.toContain('abcdefghij');
});

test('of bodies as much is kept as the settings say', () => {
  const past = sampleRecord(bare);
  const bodies = { request, response };
  const shape = completePastRecord(past, bodies, { level: 'redacted', maxBytes: 10_000 }).detail;
  expect(shape?.request).toMatchObject({ model: 'gpt-4o', messages: [{ role: 'user' }] });
  expect(JSON.stringify(shape)).not.toContain('Hidden');
  expect(completePastRecord(past, bodies, { level: 'off', maxBytes: 10_000 })).not.toHaveProperty('detail');
  const huge = { request: { model: 'gpt-4o', prompt: 'many words '.repeat(100_000) }, response };
  const cut = completePastRecord(past, huge, { level: 'full', maxBytes: 4_000 }).detail;
  expect(cut?.truncated).toBe(true);
  expect(JSON.stringify(cut).length).toBeLessThan(5_000);
});

test.each([
  ['nothing', undefined],
  ['a broken text', '{"model": "gp'],
  ['a list', [1, 2]],
])('a body that is %s does no harm', (_, body) => {
  const { record } = completePastRecord(sampleRecord(bare), { request: body, response: body }, full);
  expect(record).toMatchObject({ stream: false, conversation: null, responseId: null });
});

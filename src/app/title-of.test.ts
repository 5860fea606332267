import { expect, test } from 'vitest';
import { titleOf } from './title-of.ts';

const user = (...content: readonly object[]): string =>
  JSON.stringify({ id: 'msg_1', type: 'message', role: 'user', status: 'completed', content });
const said = (text: string): string => user({ type: 'input_text', text });

test('is what the user said first, in one line', () => {
  const developer = user({ type: 'input_text', text: 'Be brief.' }).replace('"user"', '"developer"');
  expect(titleOf([developer, said('  Say\n"hi" \t to 世界  '), said('and more')])).toBe('Say "hi" to 世界');
  const picture = { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AAAA' };
  expect(titleOf([user(picture, { type: 'input_text', text: 'What is it?' })])).toBe('What is it?');
  expect(titleOf([user(picture), said('Well?')])).toBe('Well?');
});

test('is empty where the user said nothing', () => {
  expect(titleOf([])).toBe('');
  expect(titleOf(['{"type":"function_call_output","output":"\\"text\\":\\"x\\""}', said('')])).toBe('');
});

test('is cut to size, and taken from a body that is cut off anywhere', () => {
  expect(titleOf([said('x'.repeat(500))])).toBe(`${'x'.repeat(119)}…`);
  const whole = said('one \\ two \u{1F600} "three" \u0007 four');
  const title = titleOf([whole]);
  for (let end = whole.indexOf('one'); end < whole.length; end++) {
    expect(title.startsWith(titleOf([whole.slice(0, end)]).replace(/\uFFFD$/, ''))).toBe(true);
  }
});

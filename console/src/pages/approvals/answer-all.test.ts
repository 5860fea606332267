import { expect, test } from 'vitest';
import { answerAll } from './answer-all.ts';

test('one that fails does not keep the others from their answer', async () => {
  const answered: string[] = [];
  const failed = await answerAll(['a', 'b', 'c'], async (item) => {
    if (item === 'b') throw new Error('It is over.');
    answered.push(item);
  });
  expect(answered).toEqual(['a', 'c']);
  expect(failed).toEqual(['It is over.']);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerLog, type AnswerPart } from './answer-log.ts';

const frames = (text: string): AnswerPart => ({ type: 'frames', text });

async function readAll(log: AnswerLog, takes = Number.POSITIVE_INFINITY): Promise<string> {
  using reader = log.read();
  let all = '';
  let taken = 0;
  for await (const part of reader.parts) {
    if (part.type === 'frames') all += part.text;
    taken += 1;
    if (taken >= takes) break;
    // Readers are slow in different ways.
    if (all.length % 3 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return all;
}

test('every reader gets the same, whenever he comes and however the answer is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }), { maxLength: 30 }),
      fc.array(fc.record({ at: fc.nat(30), takes: fc.option(fc.integer({ min: 1, max: 5 })) }), {
        maxLength: 6,
      }),
      async (cuts, readers) => {
        const log = new AnswerLog(1_000_000);
        const whole = cuts.join('');
        const read: Promise<string>[] = [];
        const partly: Promise<string>[] = [];
        const join = (at: number): void => {
          for (const reader of readers) {
            if (Math.min(reader.at, cuts.length) !== at) continue;
            if (reader.takes === null) read.push(readAll(log));
            else partly.push(readAll(log, reader.takes));
          }
        };
        for (const [at, cut] of cuts.entries()) {
          join(at);
          await log.append(frames(cut));
        }
        join(cuts.length);
        read.push(readAll(log));
        log.close();
        read.push(readAll(log));
        for (const text of await Promise.all(read)) expect(text).toBe(whole);
        for (const text of await Promise.all(partly)) expect(whole.startsWith(text)).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

test('beyond the limit nobody new reads, those who read get all, and the writer waits for them', async () => {
  const log = new AnswerLog(10);
  const reader = log.read();
  const parts = reader.parts[Symbol.asyncIterator]();
  await log.append(frames('12345678'));
  let written = false;
  const second = log.append(frames('abcdefgh')).then(() => {
    written = true;
  });
  expect(log.isWhole).toBe(false);
  expect(() => log.read()).toThrow('beginning');
  expect(await parts.next()).toMatchObject({ value: frames('12345678') });
  expect(written).toBe(false);
  expect(await parts.next()).toMatchObject({ value: frames('abcdefgh') });
  await second;
  log.close();
  expect(await parts.next()).toMatchObject({ done: true });
});

test('a reader who leaves holds nobody up, and waits for nothing', async () => {
  const log = new AnswerLog(4);
  const reader = log.read();
  const waiting = reader.parts[Symbol.asyncIterator]().next();
  reader[Symbol.dispose]();
  expect(await waiting).toMatchObject({ done: true });
  const stalled = log.read();
  const append = log.append(frames('too long for it'));
  stalled[Symbol.dispose]();
  await append;
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantedSecret } from '../testing/planted-secrets.ts';
import { cleanText, endOfWhole, redactText, storable } from './redact-text.ts';

test('no secret survives, wherever it stands', () => {
  fc.assert(
    fc.property(plantedSecret, fc.lorem(), fc.lorem(), ({ secret, text }, start, end) => {
      expect(redactText(`${start} ${text} ${end}`)).not.toContain(secret);
    }),
  );
});

test('a cut through a secret does not hide it', () => {
  fc.assert(
    fc.property(plantedSecret, fc.nat(200), ({ secret, text }, most) => {
      expect(cleanText(text, most)).not.toContain(secret.slice(0, 12));
    }),
  );
});

test('a text that is told in pieces tells no secret in two', () => {
  fc.assert(
    fc.property(
      plantedSecret,
      fc.lorem({ maxCount: 8 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 }),
      ({ secret, text }, words, sizes) => {
        let told = '';
        let waiting = '';
        let rest = `${words} ${text} ${words}`;
        for (const size of sizes) {
          waiting += rest.slice(0, size);
          rest = rest.slice(size);
          const end = endOfWhole(waiting);
          told += redactText(waiting.slice(0, end));
          waiting = waiting.slice(end);
        }
        expect(told + redactText(waiting + rest)).not.toContain(secret);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  'The task-management desk-sharing risk-assessment went well.',
  'basic words, and the bearer of news',
  '{"max_tokens":4096,"token_count":12}',
  'https://example.org:8080/path?page=2&sort=name#token',
  'a == b, x=1, y=2',
  'Tokens: input 5, output 7',
])('leaves %j as it is', (text) => {
  expect(redactText(text)).toBe(text);
});

test('names what was there', () => {
  expect(redactText('use sk-ant-abcdefgh12345678 for it')).toBe('use sk-[redacted] for it');
  expect(redactText('postgres://me:hunter2@db/x')).toBe('postgres://me:[redacted]@db/x');
  expect(redactText('{"password": "hunter2 \\" two", "a": 1}')).toBe('{"password": "[redacted]", "a": 1}');
});

test('a short text is not cut because what stands for a secret is longer', () => {
  const text = 'sk-12345678 is it';
  expect(cleanText(text, text.length)).toBe('sk-[redacted] is it');
});

test('any text can be stored', () => {
  expect(storable('a\0b\ud83d')).toBe('a\ufffdb\ufffd');
});

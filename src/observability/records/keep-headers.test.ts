import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secretFields } from '../redact.ts';
import { plantedSecret, secretFieldName } from '../testing/planted-secrets.ts';
import { keepHeaders, maskHeaders } from './keep-headers.ts';

const full = { level: 'full', maxBytes: 16 * 1024 } as const;
const redacted = { ...full, level: 'redacted' } as const;
const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('are kept in their order, repeated ones too, by names in lower case', () => {
  const raw = ['Host', 'localhost', 'Accept', 'a/b', 'X-Thing', '1', 'accept', 'c/d'];
  expect(keepHeaders(raw, full).headers).toEqual([
    ['host', 'localhost'],
    ['accept', 'a/b'],
    ['x-thing', '1'],
    ['accept', 'c/d'],
  ]);
  expect(keepHeaders(undefined, full)).toEqual({ headers: null, bytes: 4 });
});

const secretHeaders = [
  ...['authorization', 'proxy-authorization', 'x-original-authorization', 'cookie', 'set-cookie'],
  ...['x-api-key', 'api-key', 'x-goog-api-key', 'x-litellm-key', 'x-csrf-token', 'x-amz-security-token'],
  ...['cf-access-client-secret', 'x-auth-token', 'x-auth', 'x-goog-iap-jwt-assertion', 'x-session'],
  'sec-websocket-protocol',
];
const spelled = (name: string): fc.Arbitrary<string> =>
  fc.mixedCase(fc.constant(name), { toggleCase: (char) => char.toUpperCase() });

test('no value of a secret header comes through, at either level', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...secretHeaders, ...secretFields), secretFieldName).chain(spelled),
      fc.stringMatching(/^[!-~]{8,60}$/).filter((value) => !'[redacted]'.includes(value)),
      fc.constantFrom(full, redacted),
      (name, value, options) => {
        const { headers } = keepHeaders(['accept', '*/*', name, value], options);
        expect(headers?.[1]?.[1]).toBe('[redacted]');
        expect(maskHeaders([name, value])[1]).toBe('[redacted]');
      },
    ),
  );
});

test('no secret comes through in another header, wherever the value is cut', () => {
  fc.assert(
    fc.property(plantedSecret, fc.nat(2000), fc.constantFrom(full, redacted), (planted, before, options) => {
      const { secret, text } = planted;
      const { headers } = keepHeaders(['X-Note', `${'a '.repeat(before)}${text}`, text, 'x'], options);
      expect(JSON.stringify(headers)).not.toContain(secret);
    }),
  );
});

test('keys that are none are kept', () => {
  const raw = ['idempotency-key', 'stainless-node-retry-1', 'x-ratelimit-remaining-tokens', '12'];
  expect(keepHeaders(raw, redacted).headers).toEqual([
    ['idempotency-key', 'stainless-node-retry-1'],
    ['x-ratelimit-remaining-tokens', '12'],
  ]);
});

test('where texts are left out, only what tells how the request was made is kept', () => {
  const raw = [
    ...['User-Agent', 'OpenAI/JS 6', 'X-Stainless-Lang', 'js', 'X-Claudecode-Profile', 'agent'],
    ...['X-OpenWebUI-User-Email', 'ann@example.org', 'X-Forwarded-Email', 'bob@example.org', 'Referer', ''],
  ];
  expect(keepHeaders(raw, redacted).headers).toEqual([
    ['user-agent', 'OpenAI/JS 6'],
    ['x-stainless-lang', 'js'],
    ['x-claudecode-profile', 'agent'],
    ['x-openwebui-user-email', '[text, 15 characters]'],
    ['x-forwarded-email', '[text, 15 characters]'],
    ['referer', ''],
  ]);
});

test('a long value is cut, and says so; once is enough', () => {
  const [name, cut = ''] = maskHeaders(['X-Long', 'ab '.repeat(1000)]);
  expect(name).toBe('x-long');
  expect(cut).toHaveLength(1024);
  expect(cut).toMatch(/^(ab )+.*…\[cut, 3000 characters\]$/);
  expect(keepHeaders(['x-long', cut], full).headers).toEqual([['x-long', cut]]);
});

test('those that do not fit are counted', () => {
  const many = Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'v'.repeat(1000)]).flat();
  const { headers, bytes } = keepHeaders(many, full);
  expect(bytes).toBe(size(headers));
  expect(bytes).toBeLessThanOrEqual(full.maxBytes);
  expect(headers).toHaveLength(17);
  expect(headers?.at(-1)).toEqual(['…', '[84 more]']);
});

test('any headers keep to the bound, and can be stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 60 }),
      fc.integer({ min: 64, max: 4096 }),
      fc.constantFrom('full' as const, 'redacted' as const),
      (raw, maxBytes, level) => {
        const { headers, bytes } = keepHeaders(raw, { level, maxBytes });
        expect(bytes).toBe(size(headers));
        expect(bytes).toBeLessThanOrEqual(maxBytes);
        for (const text of headers?.flat() ?? []) {
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toContain('\0');
        }
      },
    ),
  );
});

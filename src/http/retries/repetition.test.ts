import { expect, test } from 'vitest';
import { mayBeRepeated, type RepeatableRequest, readRepetition } from './repetition.ts';

const request: RepeatableRequest = {
  owner: 'me',
  endpoint: '/v1/chat/completions',
  headers: { 'x-stainless-retry-count': '1', 'x-stainless-lang': 'js', 'user-agent': 'OpenAI/JS 6' },
  bodyDigest: 'abc',
};
const read = (
  headers: RepeatableRequest['headers'] = {},
  change: Partial<Omit<RepeatableRequest, 'headers'>> = {},
) => readRepetition({ ...request, ...change, headers: { ...request.headers, ...headers } });

test('clients are known by what they count or name', () => {
  expect(mayBeRepeated({})).toBe(false);
  expect(mayBeRepeated({ 'x-stainless-retry-count': '0' })).toBe(true);
  expect(mayBeRepeated({ 'idempotency-key': 'k' })).toBe(true);
});

test('the time-out is the one that is told, else that of the JavaScript library', () => {
  expect(read()).toMatchObject({ tries: 1, timeoutMs: 600_000, timeoutTold: false, client: 'OpenAI/JS 6' });
  expect(read({ 'x-stainless-timeout': '20' })).toMatchObject({ timeoutMs: 20_000, timeoutTold: true });
  const python = { 'x-stainless-lang': 'python', 'x-stainless-read-timeout': '0.5' };
  expect(read(python)).toMatchObject({ timeoutMs: 500, timeoutTold: true });
  expect(read({ 'x-stainless-lang': 'python' })).not.toHaveProperty('timeoutMs');
  expect(read({ 'x-stainless-timeout': 'soon', 'x-stainless-retry-count': 'x' })).not.toHaveProperty('tries');
});

test('content is told apart by owner, endpoint, body and our own headers', () => {
  const contents = [
    read(),
    read({}, { owner: 'you' }),
    read({}, { endpoint: '/v1/responses' }),
    read({}, { bodyDigest: 'abd' }),
    read({ 'x-claudecode-profile': 'writer' }),
    read({ 'x-claudecode-files': 'writer' }),
  ].map(({ content }) => content);
  expect(new Set(contents).size).toBe(contents.length);
  expect(read({ 'x-stainless-retry-count': '2', 'x-request-id': 'other' }).content).toBe(contents[0]);
});

test('a key is the owner’s and the endpoint’s, and a library’s own is not deliberate', () => {
  const keyed = { 'idempotency-key': 'k1' };
  expect(read(keyed).key).toBe(read(keyed, { bodyDigest: 'abd' }).key);
  expect(read(keyed).key).not.toBe(read(keyed, { owner: 'you' }).key);
  expect(read(keyed).deliberate).toBe(true);
  expect(read({ 'idempotency-key': 'stainless-node-retry-1' }).deliberate).toBe(false);
});

test.each(['', 'k'.repeat(256)])('a key of %s is refused', (key) => {
  expect(() => read({ 'idempotency-key': key })).toThrow('Idempotency-Key');
});

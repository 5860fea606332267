import { expect, test } from 'vitest';
import { createSeal } from '../seal.ts';
import { decodeStoredRequest, encodeStoredRequest } from './stored-request.ts';

const seal = createSeal('a secret');
const request = { body: { model: 'agent' }, profileName: 'agent', headers: ['accept', '*/*'] };

test('a stored request is what it was, headers included, and cannot be read', () => {
  const stored = encodeStoredRequest(request, seal);
  expect(JSON.stringify(stored)).not.toContain('agent');
  expect(decodeStoredRequest(stored, seal)).toEqual(request);
  const without = { ...request, headers: undefined };
  expect(decodeStoredRequest(encodeStoredRequest(without, seal), seal)).toEqual(without);
});

test('one that was stored before headers were kept can be run', () => {
  const sealed = seal.seal(JSON.stringify({ body: request.body, profile_name: null }));
  expect(decodeStoredRequest({ sealed }, seal)).toEqual({
    body: request.body,
    profileName: undefined,
    headers: undefined,
  });
});

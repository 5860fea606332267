import { describe, expect, test } from 'vitest';
import { agentProfile, modelProfile, type Profile } from '../turn/index.ts';
import { chooseProfile, type ProfileRequest } from './choose-profile.ts';

const profiles = {
  agent: agentProfile,
  model: modelProfile,
  coder: { ...agentProfile, name: 'coder' },
};
const unasked = { header: undefined, modelId: undefined, hasClientTools: false };

const narrow = (profile: Profile): Profile => profile;

function choose(request: Partial<ProfileRequest>): string {
  return chooseProfile(profiles, { ...unasked, ...request }).name;
}

test('a client with tools of its own gets the model, any other the agent', () => {
  expect(choose({})).toBe('agent');
  expect(choose({ hasClientTools: true })).toBe('model');
});

test('the header wins over the model id, and both over everything else', () => {
  const rules = { preferred: 'model', allowed: ['model'], narrow };
  expect(choose({ header: 'coder', modelId: 'agent', rules })).toBe('coder');
  expect(choose({ modelId: 'coder', rules })).toBe('coder');
});

describe("a key's rules for who asks for none", () => {
  test.each<[string | null, string[] | null, boolean, string]>([
    ['coder', null, true, 'coder'],
    ['coder', ['coder'], false, 'coder'],
    [null, null, true, 'model'],
    [null, ['agent'], true, 'agent'],
    [null, ['model'], false, 'model'],
    [null, ['coder'], false, 'coder'],
    [null, ['coder', 'agent'], false, 'agent'],
    ['gone', null, false, 'agent'],
    ['gone', ['gone', 'coder'], false, 'coder'],
    // Nothing is left to choose: the usual one, which is then refused.
    [null, ['gone'], false, 'agent'],
  ])('prefer %s, allow %j, own tools %s: %s', (preferred, allowed, hasClientTools, expected) => {
    expect(choose({ hasClientTools, rules: { preferred, allowed, narrow } })).toBe(expected);
  });
});

test.each([
  [{ header: 'nobody' }, 'x-claudecode-profile'],
  [{ modelId: 'toString' }, 'model'],
])('%j is unknown', (request, param) => {
  expect(() => choose(request)).toThrow(expect.objectContaining({ status: 400, param }));
});

test('a caller gets the profile as it may have it', () => {
  const rules = {
    preferred: null,
    allowed: null,
    narrow: (profile: Profile): Profile => ({ ...profile, workspace: 'none' }),
  };
  expect(chooseProfile(profiles, { ...unasked, rules })).toEqual({ ...agentProfile, workspace: 'none' });
});

import { describe, expect, test } from 'vitest';
import type { KeyPermissions } from '../../contract/index.ts';
import { agentProfile, modelProfile, type Profile, type Turn, TurnError } from '../../turn/index.ts';
import { type SampleKey, sampleKey } from '../testing/sample-key.ts';
import { mayUseModel, mayUseWorkspace, permitModel, permitRuns, permitTurn } from './permit-turn.ts';

const key = (permissions: NonNullable<SampleKey['permissions']>) => sampleKey({ permissions });

function turnWith(profile: Partial<Profile> = {}): Turn {
  return {
    id: 'turn_1',
    owner: 'key_1',
    model: 'opus',
    profile: { ...agentProfile, ...profile },
    system: '',
    messages: [],
    tools: { tools: [], choice: { type: 'auto' }, parallel: true },
    output: { stop: [] },
    reasoning: {},
    sampling: {},
  };
}

function profileOf(permissions: NonNullable<SampleKey['permissions']>, profile: Partial<Profile> = {}) {
  return permitTurn(key(permissions), turnWith(profile)).profile;
}

describe('models', () => {
  test.each<[readonly string[] | null, readonly string[], boolean]>([
    [null, ['gpt-4o', 'default'], true],
    [[], ['gpt-4o', 'default'], false],
    [['gpt-4o'], ['gpt-4o', 'default'], true],
    [['default'], ['gpt-4o', 'default'], true],
    [['claude-opus-*'], ['opus', 'claude-opus-5'], true],
    [['claude-opus-*'], ['haiku', 'claude-haiku-4-5'], false],
    [['*'], ['anything'], true],
    [['agent/*'], ['agent/opus', 'opus'], true],
    [['gpt-4'], ['gpt-4o', 'default'], false],
    [['gpt*4o'], ['gpt-4o'], false],
    [['OPUS'], ['opus'], false],
  ])('of a key with %j: %j is %j', (models, names, allowed) => {
    expect(mayUseModel(key({ models: models && [...models] }), names)).toBe(allowed);
  });

  test('that are not allowed are refused by the name that was asked for', () => {
    const refused = () => permitModel(key({ models: ['haiku'] }), ['gpt-4o', 'default']);
    expect(refused).toThrow(TurnError);
    expect(refused).toThrow("'gpt-4o'");
    expect(() => permitModel(null, ['gpt-4o'])).not.toThrow();
  });
});

test('a request for more runs than the key can ever have is refused', () => {
  const limited = sampleKey({ limits: { concurrentRuns: 2 } });
  expect(() => permitRuns(limited, 2)).not.toThrow();
  expect(() => permitRuns(sampleKey(), 100)).not.toThrow();
  expect(() => permitRuns(null, 100)).not.toThrow();
  expect(() => permitRuns(limited, 3)).toThrow(/3 runs at once.*2/);
});

describe('profiles', () => {
  test('other than those of the key are refused', () => {
    const refused = () => permitTurn(key({ profiles: ['model'] }), turnWith());
    expect(refused).toThrow(expect.objectContaining({ code: 'not_allowed' }));
    expect(refused).toThrow("'agent'");
    expect(permitTurn(key({ profiles: ['agent'] }), turnWith()).profile.name).toBe('agent');
  });

  test('stay as they are without a key, and for one that may do everything', () => {
    const turn = turnWith({ permissionMode: 'plan' });
    expect(permitTurn(null, turn)).toBe(turn);
    expect(permitTurn(key({}), turn)).toEqual(turn);
  });

  test.each<[Profile['builtInTools'], string[] | null, Profile['builtInTools']]>([
    ['all', null, 'all'],
    ['all', ['Read', 'Grep'], ['Read', 'Grep']],
    ['all', [], 'none'],
    [['Read', 'Bash'], ['Read', 'Grep'], ['Read']],
    [['Bash'], ['Read'], 'none'],
    ['none', ['Read'], 'none'],
  ])('with the tools %j lose all but %j', (builtInTools, allowed, left) => {
    expect(profileOf({ builtInTools: allowed }, { builtInTools }).builtInTools).toEqual(left);
  });

  test('do not get back by their subagents what they have lost', () => {
    const subagents = {
      reader: { description: 'reads', prompt: 'Read.', tools: ['Read', 'Bash', 'mcp__docs__find'] },
      other: { description: 'does the rest', prompt: 'Go.' },
    };
    const narrowed = profileOf({ builtInTools: ['Read'] }, { subagents }).subagents;
    expect(narrowed?.['reader']?.tools).toEqual(['Read', 'mcp__docs__find']);
    expect(narrowed?.['other']).toEqual(subagents.other);
    expect(profileOf({}, { subagents }).subagents).toEqual(subagents);
  });

  test("get the key's permission mode", () => {
    expect(profileOf({ permissionMode: 'plan' }, { permissionMode: 'acceptEdits' }).permissionMode).toBe(
      'plan',
    );
    expect(profileOf({}, { permissionMode: 'acceptEdits' }).permissionMode).toBe('acceptEdits');
    expect(profileOf({}).permissionMode).toBeUndefined();
  });

  test.each<[Profile['workspace'], KeyPermissions['workspace'], Profile['workspace']]>([
    ['owner', 'own', 'owner'],
    ['owner', 'shared', 'shared'],
    ['owner', 'none', 'none'],
    ['none', 'own', 'none'],
    ['none', 'shared', 'none'],
    ['owner', 'conversation', 'conversation'],
    ['owner', 'directory:team', 'directory:team'],
    ['conversation', 'shared', 'conversation'],
    ['conversation', 'directory:team', 'conversation'],
    ['conversation', 'none', 'none'],
    // Narrowed once, for a key that was changed since.
    ['shared', 'own', 'owner'],
    ['directory:team', 'directory:other', 'directory:other'],
  ])('with the workspace %s, of a key with %s, work in %s', (workspace, scope, expected) => {
    expect(profileOf({ workspace: scope }, { workspace }).workspace).toBe(expected);
  });

  test('can be narrowed again without a change', () => {
    const narrow = key({ builtInTools: ['Read'], permissionMode: 'plan', workspace: 'shared' });
    const once = permitTurn(narrow, turnWith({ ...modelProfile, builtInTools: ['Read', 'Bash'] }));
    expect(permitTurn(narrow, once)).toEqual(once);
  });
});

describe('a workspace that a turn names', () => {
  test.each<[string, KeyPermissions['workspace'], boolean]>([
    ['shared', 'shared', true],
    ['shared', 'own', false],
    ['directory-team', 'directory:team', true],
    ['directory-team', 'directory:team2', false],
    ['directory-team', 'shared', false],
    ['owner-0', 'conversation', true],
    ['conversation-0', 'own', true],
    ['cntr_1', 'directory:team', true],
  ])('%s with a key that works in %s: %s', (workspaceId, workspace, allowed) => {
    expect(mayUseWorkspace(key({ workspace }), workspaceId)).toBe(allowed);
    const permit = () => permitTurn(key({ workspace }), { ...turnWith(), workspaceId });
    if (allowed) expect(permit().workspaceId).toBe(workspaceId);
    else expect(permit).toThrow(expect.objectContaining({ code: 'not_allowed' }));
  });

  test('is of no matter without a key', () => {
    expect(mayUseWorkspace(null, 'directory-team')).toBe(true);
  });
});

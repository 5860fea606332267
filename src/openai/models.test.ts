import { describe, expect, it, test } from 'vitest';
import { agentProfile, modelProfile } from '../turn/index.ts';
import { WireError } from './errors.ts';
import { createModelDirectory, type ModelDirectoryOptions } from './models.ts';

const engineModels = [
  { id: 'default', resolvedId: 'claude-sonnet-5', adaptiveThinking: true },
  { id: 'opus', resolvedId: 'claude-opus-5', adaptiveThinking: true },
  { id: 'haiku', resolvedId: 'claude-haiku-4-5', adaptiveThinking: false },
];

function directory(overrides: Partial<ModelDirectoryOptions> = {}) {
  return createModelDirectory({
    aliases: {},
    engineModels,
    profiles: { agent: agentProfile, model: modelProfile },
    created: 1_700_000_000,
    ...overrides,
  });
}

function refusal(run: () => unknown): WireError {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('OpenAI names', () => {
  const large = ['gpt-4', 'gpt-4o', 'gpt-4-turbo', 'gpt-4.1', 'gpt-5', 'gpt-5.2-codex', 'o1', 'o3', 'o3-pro'];
  test.each([...large, 'chatgpt-4o-latest', 'gpt-4o-2024-08-06', 'gpt-oss-120b'])(
    '%s is the default model',
    (name) => {
      expect(directory().resolve(name)).toEqual({ model: 'default', adaptiveThinking: true });
    },
  );

  const small = ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18', 'gpt-4.1-nano', 'gpt-5-mini', 'o1-mini', 'o4-mini'];
  test.each([...small, 'gpt-3.5-turbo', 'gpt-5.1-codex-mini'])('%s is the small model', (name) => {
    expect(directory().resolve(name)).toEqual({ model: 'haiku', adaptiveThinking: false });
  });

  test.each([
    'gpt-image-1',
    'gpt-4o-realtime-preview',
    'gpt-4o-mini-tts',
    'gpt-4o-transcribe',
    'gpt-4o-audio-preview',
  ])('%s, which does not answer in text, is unknown', (name) => {
    expect(refusal(() => directory().resolve(name)).status).toBe(404);
  });
});

describe('the models behind the names', () => {
  it('are those of the configuration', () => {
    const models = directory({ defaultModel: 'opus', smallModel: 'default' });
    expect(models.resolve('gpt-4o').model).toBe('opus');
    expect(models.resolve('gpt-4o-mini').model).toBe('default');
  });

  it('are the first and the default one if the engine has no `default` and no Haiku', () => {
    const models = directory({ engineModels: engineModels.slice(1, 2) });
    expect(models.resolve('gpt-4o').model).toBe('opus');
    expect(models.resolve('gpt-4o-mini').model).toBe('opus');
  });

  it("are Claude Code's own aliases before the engine has told its models", () => {
    const models = directory({ engineModels: [] });
    expect(models.resolve('gpt-4o')).toEqual({ model: 'default', adaptiveThinking: undefined });
    expect(models.resolve('gpt-4o-mini')).toEqual({ model: 'haiku', adaptiveThinking: undefined });
  });
});

describe('Claude models', () => {
  test.each(['opus', 'claude-opus-5', 'haiku'])('%s is known by id and by resolved id', (name) => {
    expect(directory().resolve(name)).toEqual({ model: name, adaptiveThinking: name !== 'haiku' });
  });

  test.each(['claude-future-9', 'us.anthropic.claude-sonnet-5-v1:0', 'anthropic.claude-x'])(
    '%s goes through unlisted: upstream decides',
    (name) => {
      expect(directory().resolve(name)).toEqual({ model: name, adaptiveThinking: undefined });
    },
  );

  test.each(['llama-3', '', 'agent/', 'agent/llama-3', 'agents', 'toString', 'my-claude-x'])(
    '%j is unknown',
    (name) => {
      const error = refusal(() => directory().resolve(name));
      expect(error).toMatchObject({
        status: 404,
        type: 'invalid_request_error',
        code: 'model_not_found',
        param: 'model',
      });
      expect(error.message).toContain(`'${name}'`);
      expect(error.message).toContain('GET /v1/models');
    },
  );
});

describe('profiles as models', () => {
  test.each([
    ['agent', 'default', 'agent'],
    ['model', 'default', 'model'],
    ['agent/opus', 'opus', 'agent'],
    ['model/gpt-4o-mini', 'haiku', 'model'],
    ['model/claude-future-9', 'claude-future-9', 'model'],
  ])('%s', (name, model, profileName) => {
    expect(directory().resolve(name)).toMatchObject({ model, profileName });
  });
});

describe('a profile with a model of its own', () => {
  const coder = (model: string, overrides: Partial<ModelDirectoryOptions> = {}) =>
    directory({
      profiles: { agent: agentProfile, model: modelProfile, coder: { model } },
      aliases: { quick: 'haiku' },
      ...overrides,
    });

  test('answers with it where the id names only the profile', () => {
    expect(coder('opus').resolve('coder')).toMatchObject({ model: 'opus', profileName: 'coder' });
    expect(coder('opus').resolve('coder/haiku')).toMatchObject({ model: 'haiku', profileName: 'coder' });
    expect(coder('opus').resolve('agent').model).toBe('default');
  });

  test.each([
    ['claude-future-9', 'claude-future-9'],
    ['gpt-4o-mini', 'haiku'],
    ['quick', 'haiku'],
    // Upstream says what it does not know.
    ['llama-3', 'llama-3'],
    ['coder', 'coder'],
    ['agent/opus', 'agent/opus'],
  ])('%s means %s', (model, expected) => {
    expect(coder(model).resolve('coder')).toMatchObject({ model: expected, profileName: 'coder' });
  });
});

describe('the names of a model', () => {
  test.each<[string, readonly string[]]>([
    ['gpt-4o', ['gpt-4o', 'default', 'claude-sonnet-5']],
    ['opus', ['opus', 'claude-opus-5']],
    ['claude-opus-5', ['claude-opus-5']],
    ['claude-future-9', ['claude-future-9']],
    ['agent', ['agent', 'default', 'claude-sonnet-5']],
    ['agent/gpt-4o-mini', ['agent/gpt-4o-mini', 'gpt-4o-mini', 'haiku', 'claude-haiku-4-5']],
    ['work', ['work', 'opus', 'claude-opus-5']],
    // What stands behind the slash of an alias is nobody's name.
    ['my/opus', ['my/opus', 'haiku', 'claude-haiku-4-5']],
  ])('%s are %j', (name, names) => {
    const aliases = { work: 'agent/opus', 'my/opus': 'agent/haiku' };
    expect(directory({ aliases }).namesOf(name)).toEqual(names);
  });

  test('of an unknown one are none', () => {
    expect(refusal(() => directory().namesOf('llama-3')).status).toBe(404);
  });
});

describe("the operator's aliases", () => {
  test.each<[string, Record<string, string>, string, object]>([
    ['win over the built-in ones', { 'gpt-4o': 'opus' }, 'gpt-4o', { model: 'opus' }],
    ['may name a profile', { work: 'agent/opus' }, 'work', { model: 'opus', profileName: 'agent' }],
    ['may name another alias', { a: 'b', b: 'opus' }, 'a', { model: 'opus' }],
    ['may name an OpenAI name', { a: 'gpt-4o-mini' }, 'a', { model: 'haiku' }],
    ['hold behind a profile', { a: 'opus' }, 'model/a', { model: 'opus', profileName: 'model' }],
    ['can swap two models', { opus: 'haiku', haiku: 'opus' }, 'opus', { model: 'haiku' }],
    ['may name themselves', { 'gpt-4o': 'gpt-4o' }, 'gpt-4o', { model: 'default' }],
  ])('%s', (_, aliases, name, expected) => {
    expect(directory({ aliases }).resolve(name)).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>]>([
    ['an unknown model', { a: 'nothing' }],
    ['each other', { a: 'b', b: 'a' }],
    ['themselves behind a profile', { a: 'agent/a' }],
  ])('are unknown if they name %s', (_, aliases) => {
    const models = directory({ aliases });
    const error = refusal(() => models.resolve('a'));
    expect(error.code).toBe('model_not_found');
    expect(error.message).toContain(`an alias of '${aliases['a']}'`);
    expect(models.list().map(({ id }) => id)).not.toContain('a');
  });
});

describe('the list', () => {
  it('names every profile, engine model, alias and common OpenAI model once', () => {
    const ids = directory({ aliases: { mine: 'opus', 'gpt-4o': 'opus' } })
      .list()
      .map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['agent', 'model', 'opus', 'claude-opus-5', 'mine', 'gpt-4o', 'o3']),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names only what resolves', () => {
    const models = directory();
    for (const { id } of models.list()) expect(() => models.resolve(id)).not.toThrow();
  });

  it('tells who stands behind a name', () => {
    const models = directory();
    expect(models.get('opus')).toEqual({
      id: 'opus',
      object: 'model',
      created: 1_700_000_000,
      owned_by: 'anthropic',
    });
    expect(models.get('agent/opus').owned_by).toBe('claudecode-api');
    expect(models.get('gpt-4o').owned_by).toBe('claudecode-api');
  });

  it('has no unknown model', () => {
    expect(refusal(() => directory().get('llama-3')).status).toBe(404);
  });
});

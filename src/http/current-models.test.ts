import { expect, test } from 'vitest';
import { type ProfileSet, WireError } from '../openai/index.ts';
import { agentProfile, modelProfile } from '../turn/index.ts';
import { currentModels, type ModelNames } from './current-models.ts';
import { says, scriptedEngine } from './testing/scripted-engine.ts';

const names = { aliases: { mine: 'sonnet' } };
const fixedNames = () => names;
const profiles = { agent: agentProfile, model: modelProfile };
const fixedProfiles = async () => profiles;

test('waits for an engine that starts', async () => {
  const engine = scriptedEngine(() => says());
  let offered: ReturnType<typeof engine.models> = [];
  let start = (): void => {};
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const directory = currentModels(
    { started: () => started, models: () => offered },
    fixedNames,
    fixedProfiles,
  )();
  offered = engine.models();
  start();
  expect((await directory).resolve('mine')).toEqual({ model: 'sonnet', adaptiveThinking: false });
});

test('follows what the engine offers', async () => {
  const engine = scriptedEngine(() => says());
  let offered = engine.models();
  const models = currentModels({ started: engine.started, models: () => offered }, fixedNames, fixedProfiles);
  const before = await models();
  expect(await models()).toBe(before);
  expect(() => before.resolve('opus')).toThrow(WireError);
  offered = offered.map((model) => ({ ...model, id: 'opus' }));
  expect((await models()).resolve('opus').model).toBe('opus');
});

test('of an engine that failed to start, the usual names are known', async () => {
  const engine = scriptedEngine(() => says());
  const models = await currentModels(
    { started: engine.started, models: () => [] },
    fixedNames,
    fixedProfiles,
  )();
  for (const name of ['opus', 'sonnet', 'haiku', 'gpt-4o', 'mine'])
    expect(models.resolve(name)).toBeDefined();
  expect(() => models.resolve('davinci')).toThrow(WireError);
});

test("follows the operator's names and the profiles", async () => {
  const engine = scriptedEngine(() => says());
  const offered = engine.models();
  let names: ModelNames = { aliases: {} };
  let profiles: ProfileSet = { agent: agentProfile, model: modelProfile };
  const models = currentModels(
    { started: engine.started, models: () => offered },
    () => names,
    async () => profiles,
  );
  expect((await models()).resolve('gpt-4o').model).toBe('sonnet');
  names = { aliases: { mine: 'sonnet' }, default: 'opus' };
  expect((await models()).resolve('gpt-4o').model).toBe('opus');
  expect((await models()).resolve('mine').model).toBe('sonnet');
  profiles = { ...profiles, coder: { ...agentProfile, name: 'coder', model: 'sonnet' } };
  expect((await models()).resolve('coder')).toMatchObject({ model: 'sonnet', profileName: 'coder' });
});

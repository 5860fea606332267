import { expect, test } from 'vitest';
import { WireError } from '../openai/index.ts';
import { currentModels } from './current-models.ts';
import { says, scriptedEngine } from './testing/scripted-engine.ts';

const names = { aliases: { mine: 'sonnet' } };

test('waits for an engine that starts', async () => {
  const engine = scriptedEngine(() => says());
  let offered: ReturnType<typeof engine.models> = [];
  let start = (): void => {};
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const directory = currentModels({ started: () => started, models: () => offered }, names, [])();
  offered = engine.models();
  start();
  expect((await directory).resolve('mine')).toEqual({ model: 'sonnet', adaptiveThinking: false });
});

test('follows what the engine offers', async () => {
  const engine = scriptedEngine(() => says());
  let offered = engine.models();
  const models = currentModels({ started: engine.started, models: () => offered }, names, []);
  const before = await models();
  expect(await models()).toBe(before);
  expect(() => before.resolve('opus')).toThrow(WireError);
  offered = offered.map((model) => ({ ...model, id: 'opus' }));
  expect((await models()).resolve('opus').model).toBe('opus');
});

test('of an engine that failed to start, the usual names are known', async () => {
  const engine = scriptedEngine(() => says());
  const models = await currentModels({ started: engine.started, models: () => [] }, names, [])();
  for (const name of ['opus', 'sonnet', 'haiku', 'gpt-4o', 'mine'])
    expect(models.resolve(name)).toBeDefined();
  expect(() => models.resolve('davinci')).toThrow(WireError);
});

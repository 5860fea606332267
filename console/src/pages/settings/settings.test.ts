import { describe, expect, test } from 'vitest';
import type { Setting } from '../../../../src/contract/index.ts';
import { overtaken, planChanges, problemsOf, withInput, withValue } from './draft.ts';
import { filterSettings, filterStartup, groupSettings } from './filter-settings.ts';
import { newMapRow, readInput, toInput } from './setting-input.ts';
import { settingTitle } from './setting-title.ts';
import { changedText, inLargerUnits, valueText } from './value-text.ts';

const queue: Setting = {
  name: 'QUEUE_LIMIT',
  group: 'Processes',
  description: 'Requests that may wait.',
  kind: { type: 'integer', min: 0, max: 1000, unit: null },
  value: 10,
  default: 10,
  source: 'default',
  changedAt: null,
  changedBy: null,
};
const origins: Setting = {
  ...queue,
  name: 'CORS_ORIGIN',
  group: 'Access',
  description: 'Origins of browsers.',
  kind: { type: 'origins' },
  value: ['https://a.example'],
  default: '*',
  source: 'console',
};
const model: Setting = {
  ...queue,
  name: 'DEFAULT_MODEL',
  kind: { type: 'text' },
  value: 'opus',
  default: null,
};
const aliases: Setting = {
  ...queue,
  name: 'MODEL_ALIASES',
  kind: { type: 'map' },
  value: { a: 'b' },
  default: {},
};

describe('what stands in an editor', () => {
  test.each([queue, origins, model, aliases])('says the same value again: $name', (setting) => {
    expect(readInput(setting, toInput(setting.kind, setting.value))).toEqual({ value: setting.value });
  });

  test('is refused with what would do', () => {
    expect(readInput(queue, '1001')).toEqual({ problem: 'A whole number from 0 to 1,000.' });
    expect(readInput(queue, '1.5')).toHaveProperty('problem');
    expect(readInput(queue, '')).toHaveProperty('problem');
    expect(readInput(origins, [])).toHaveProperty('problem');
    expect(readInput(origins, ['*', 'https://a.example'])).toHaveProperty('problem');
    expect(readInput(aliases, [newMapRow('a', '')])).toHaveProperty('problem');
    expect(readInput(aliases, [newMapRow('a', 'b'), newMapRow(' a', 'c')])).toEqual({
      problem: '“a” stands there twice.',
    });
  });

  test('an empty text stands for the default, an empty row for nothing', () => {
    expect(readInput(model, ' ')).toEqual({ value: null });
    expect(readInput(aliases, [newMapRow(), newMapRow('x', 'y')])).toEqual({ value: { x: 'y' } });
    expect(readInput(origins, ['*'])).toEqual({ value: '*' });
  });
});

describe('a draft', () => {
  test('holds only what differs', () => {
    const draft = withInput({}, queue, '20');
    expect(planChanges([queue, model], draft).changes).toEqual([{ setting: queue, value: 20 }]);
    expect(withInput(draft, queue, '10')).toEqual({});
  });

  test('goes back to the default, or to the value before', () => {
    const reset = withValue({}, origins, null);
    expect(planChanges([origins], reset).changes).toEqual([{ setting: origins, value: null }]);
    expect(withValue({}, queue, null)).toEqual({});
    expect(planChanges([queue], withValue({}, queue, 5)).changes[0]?.value).toBe(5);
  });

  test('knows what is wrong with it, and what somebody else changed meanwhile', () => {
    const draft = withInput(withInput({}, queue, 'x'), model, 'sonnet');
    expect(Object.keys(planChanges([queue, model], draft).problems)).toEqual(['QUEUE_LIMIT']);
    expect([...overtaken([queue, model], draft)]).toEqual([]);
    expect([...overtaken([{ ...queue, value: 11 }, model], draft)]).toEqual(['QUEUE_LIMIT']);
  });

  test('gives each word of the server to its setting', () => {
    expect(problemsOf('A_B: too large\nC_D: too small', 'A_B')).toEqual({
      A_B: 'Too large.',
      C_D: 'Too small.',
    });
    expect(problemsOf('is wrong', 'A_B')).toEqual({ A_B: 'Is wrong.' });
    expect(problemsOf('is wrong', null)).toEqual({});
  });
});

test('settings are found by words of name, title, explanation and value', () => {
  const all = [queue, origins, model];
  const found = (filter: Parameters<typeof filterSettings>[1]) =>
    filterSettings(all, filter).map(({ name }) => name);
  expect(found({ text: 'queue LIMIT' })).toEqual(['QUEUE_LIMIT']);
  expect(found({ text: 'a.example' })).toEqual(['CORS_ORIGIN']);
  expect(found({ group: 'Access' })).toEqual(['CORS_ORIGIN']);
  expect(found({ source: 'console' })).toEqual(['CORS_ORIGIN']);
  expect(groupSettings(all).map(([name, rows]) => [name, rows.length])).toEqual([
    ['Processes', 2],
    ['Access', 1],
  ]);
  const variable = { name: 'PORT', value: '3000', source: 'environment' };
  expect(filterStartup([variable], { text: 'port' })).toEqual([variable]);
  expect(filterStartup([variable], { group: 'Access' })).toEqual([]);
});

test('names and values are told to people', () => {
  expect(settingTitle('IDLE_TTL_SECONDS')).toBe('Idle time to live');
  expect(settingTitle('OPENAI_API_KEY_REQUIRED')).toBe('OpenAI API key required');
  expect(valueText({ type: 'integer', min: 0, max: 9, unit: 'days' }, 1)).toBe('1 day');
  expect(valueText(queue.kind, 1200)).toBe('1,200');
  expect(valueText(aliases.kind, { 'gpt-4o': 'sonnet' })).toBe('gpt-4o → sonnet');
  expect(changedText(origins, null)).toBe('* (default)');
  expect(inLargerUnits(1800, 'seconds')).toBe('30 min');
  expect(inLargerUnits(20, 'seconds')).toBeUndefined();
});

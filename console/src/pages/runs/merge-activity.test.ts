import { expect, test } from 'vitest';
import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { type Activity, foldEvent, mergeActivity, withoutEnded } from './merge-activity.ts';

const run = (id: string, startedAt: number, more: object = {}) =>
  ({ id, startedAt, state: 'running', ...more }) as ActiveRun;
const record = (id: string, startedAt: number, durationMs = 10) =>
  ({ id, startedAt, durationMs }) as RequestRecord;
const none = { active: new Map(), ended: [] };
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

test('what ended runs no more, whoever told it', () => {
  const asked = { runs: [run('a', 1), run('b', 2)], records: [record('old', 0)] };
  const told = foldEvent(none, { type: 'request_ended', data: record('a', 1) }, 10);
  const { active, ended } = mergeActivity(asked, told, 10);
  expect(ids(active)).toEqual(['b']);
  expect(ids(ended)).toEqual(['a', 'old']);
});

test('what was told last counts, and comes in the order of its beginning', () => {
  let told = foldEvent(none, { type: 'new_request', data: run('c', 3) }, 10);
  told = foldEvent(told, { type: 'request_progress', data: run('a', 1, { activity: 'Bash' }) }, 10);
  const { active } = mergeActivity({ runs: [run('a', 1)], records: [] }, told, 10);
  expect(active).toMatchObject([{ id: 'a', activity: 'Bash' }, { id: 'c' }]);
});

test('what ended last comes first, and not without end', () => {
  const asked = {
    runs: [],
    records: [record('short', 5, 1), record('long', 1, 100), record('oldest', 0, 1)],
  };
  expect(ids(mergeActivity(asked, none, 2).ended)).toEqual(['long', 'short']);
});

test('what ended long ago does not come back as running', () => {
  const most = 2;
  let runs: readonly ActiveRun[] = [run('a', 1), run('z', 2)];
  let told: Activity = none;
  for (const id of ['a', 'b', 'c', 'd']) {
    runs = withoutEnded(runs, told, id);
    told = foldEvent(told, { type: 'request_ended', data: record(id, 1) }, most);
  }
  expect(ids(told.ended)).toEqual(['d', 'c']);
  expect(ids(mergeActivity({ runs, records: [] }, told, most).active)).toEqual(['z']);
  expect(withoutEnded(runs, told, 'e')).toBe(runs);
});

test('one that is being stopped stays so', () => {
  const told = foldEvent(none, { type: 'request_progress', data: run('a', 1) }, 10);
  const { active } = mergeActivity({ runs: [run('a', 1, { state: 'stopping' })], records: [] }, told, 10);
  expect(active[0]?.state).toBe('stopping');
});

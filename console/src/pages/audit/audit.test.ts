import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../src/contract/index.ts';
import { auditActions, changesOf, describeEntry } from './describe-entry.ts';
import { exportEntries, filterEntries } from './export-entries.ts';

const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 1,
  at: 0,
  actor: 'ada',
  address: '192.0.2.1',
  action,
  target: 'target',
  details: {},
  ...more,
});

test('every action is told in words, known or not, whatever its details say', () => {
  for (const [action] of auditActions) {
    expect(describeEntry(entry(action))).toMatch(/^[A-Z][^_.]*$/);
    expect(describeEntry(entry(action, { target: null, details: { before: null } }))).not.toContain(
      'undefined',
    );
  }
  expect(describeEntry(entry('backup.was_made'))).toBe('Backup was made “target”');
});

test('sentences say what was changed', () => {
  expect(describeEntry(entry('key.created', { details: { name: 'ci' } }))).toBe('Created the key “ci”');
  const limits = { before: 1, after: 2 };
  expect(
    describeEntry(entry('key.updated', { details: { 'limits.requestsPerMinute': limits, name: limits } })),
  ).toContain('requests per minute and name');
  expect(
    describeEntry(entry('settings.changed', { target: 'QUEUE_LIMIT', details: { before: 10, after: null } })),
  ).toBe('Changed QUEUE_LIMIT from 10 to nothing');
  expect(describeEntry(entry('run.rolled_back', { details: { files: 1 } }))).toBe(
    'Rolled back 1 file of a run',
  );
  expect(describeEntry(entry('approval.answered', { details: { decision: 'deny', tool: 'Bash' } }))).toBe(
    'Denied Bash',
  );
});

test('changes are told field by field where the details have both sides of each', () => {
  expect(changesOf(entry('key.updated', { details: { name: { before: 'a', after: 'b' } } }))).toEqual([
    { field: 'name', before: 'a', after: 'b' },
  ]);
  expect(changesOf(entry('settings.changed', { details: { before: 1, after: 2 } }))).toEqual([
    { field: 'target', before: 1, after: 2 },
  ]);
  expect(changesOf(entry('key.created', { details: { name: 'ci' } }))).toBeUndefined();
  expect(changesOf(entry('user.signed_in'))).toBeUndefined();
});

test('loaded entries are found by any of their words, and exported with them', () => {
  const entries = [
    entry('key.created', { details: { name: 'ci' } }),
    entry('user.signed_in', { actor: 'bob' }),
  ];
  expect(filterEntries(entries, 'created CI')).toEqual([entries[0]]);
  expect(filterEntries(entries, 'bob')).toEqual([entries[1]]);
  expect(filterEntries(entries, undefined)).toBe(entries);
  expect(exportEntries(entries)[1]).toMatchObject({
    time: '1970-01-01T00:00:00.000Z',
    what: 'Signed in',
    actor: 'bob',
  });
});

import type { AuditEntry } from '../../contract/index.ts';

type Value = AuditEntry['details'][string];

/** The fields that differ, each with its value before and after; none of them may be secret. */
export function describeChanges(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): AuditEntry['details'] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes: AuditEntry['details'] = {};
  for (const name of names) {
    const [was, is] = [before[name] ?? null, after[name] ?? null];
    if (JSON.stringify(was) !== JSON.stringify(is)) changes[name] = { before: was, after: is };
  }
  return changes;
}

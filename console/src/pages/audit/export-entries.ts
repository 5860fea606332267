import type { AuditEntry } from '../../../../src/contract/index.ts';
import { describeEntry } from './describe-entry.ts';

/** As flat rows for a file. */
export function exportEntries(entries: readonly AuditEntry[]): readonly Readonly<Record<string, unknown>>[] {
  return entries.map((entry) => ({
    time: new Date(entry.at).toISOString(),
    actor: entry.actor,
    what: describeEntry(entry),
    action: entry.action,
    target: entry.target,
    address: entry.address,
    details: entry.details,
  }));
}

/** Of what is loaded: every word has to be found in the sentence, the target, the actor, the address or the details. */
export function filterEntries(
  entries: readonly AuditEntry[],
  text: string | undefined,
): readonly AuditEntry[] {
  if (text === undefined) return entries;
  const words = text.toLowerCase().split(/\s+/);
  return entries.filter((entry) => {
    const all = [
      describeEntry(entry),
      entry.action,
      entry.target,
      entry.actor,
      entry.address,
      JSON.stringify(entry.details),
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export interface DiffLine {
  readonly kind: 'hunk' | 'added' | 'removed' | 'same' | 'note';
  readonly text: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** The lines of a unified diff with their numbers before and after; the names of the files are left out. */
export function parseDiff(diff: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  let inHunk = false;
  for (const text of diff.replace(/\n$/, '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      inHunk = true;
      lines.push({ kind: 'hunk', text, before: undefined, after: undefined });
    } else if (!inHunk) {
      // `---`, `+++`, `===` and what else comes before the first hunk.
    } else if (text.startsWith('+')) {
      lines.push({ kind: 'added', text: text.slice(1), before: undefined, after: after++ });
    } else if (text.startsWith('-')) {
      lines.push({ kind: 'removed', text: text.slice(1), before: before++, after: undefined });
    } else if (text.startsWith('\\')) {
      lines.push({ kind: 'note', text: text.slice(2), before: undefined, after: undefined });
    } else if (/^(?:diff |Index: |index )/.test(text)) {
      inHunk = false;
    } else {
      lines.push({ kind: 'same', text: text.slice(1), before: before++, after: after++ });
    }
  }
  return lines;
}

/** How many lines came and went. */
export function countChanges(lines: readonly DiffLine[]): {
  readonly added: number;
  readonly removed: number;
} {
  return {
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  };
}

import { expect, test } from 'vitest';
import type { FileChange, FilesChanged } from '../../turn/index.ts';
import { filesEntry, withoutDiffs } from './files-entry.ts';
import { timelineEntry } from './timeline-entry.ts';

const content = { size: 5, mediaType: 'text/plain', sha256: 'a'.repeat(64) };

function event(changes: readonly FileChange[], more: Partial<FilesChanged> = {}): FilesChanged {
  return { type: 'files', workspaceId: 'shared', changes, omitted: 0, certain: true, ...more };
}

const when = { atMs: 5, choice: 0 };

test('tells what became of each file, with its diff, and never its content', () => {
  const told = timelineEntry(
    event(
      [
        {
          path: 'new.txt',
          operation: 'created',
          content: { ...content, text: 'secret' },
          diff: '+hello',
          fileId: 'cfile_1',
        },
        { path: 'b', operation: 'renamed', previousPath: 'a', content },
        { path: 'gone', operation: 'deleted', diff: '-x' },
      ],
      { omitted: 2, certain: false, containerId: 'cntr_1' },
    ),
    when,
    'full',
  );
  expect(told).toEqual({
    ...when,
    type: 'files',
    workspaceId: 'shared',
    changes: [
      { path: 'new.txt', operation: 'created', content, diff: '+hello', fileId: 'cfile_1' },
      { path: 'b', operation: 'renamed', previousPath: 'a', content },
      { path: 'gone', operation: 'deleted', diff: '-x' },
    ],
    omitted: 2,
    certain: false,
  });
});

test.each(['redacted', 'off'] as const)('at the level %s, diffs are left out', (level) => {
  const changed = event([{ path: 'a', operation: 'modified', content, diff: '+text' }]);
  expect(filesEntry(changed, level).changes).toEqual([
    { path: 'a', operation: 'modified', content, diff: null },
  ]);
});

test('secrets are taken out of diffs', () => {
  const diff = `+ANTHROPIC_API_KEY=sk-ant-api03-${'x'.repeat(90)}\n`;
  const [change] = filesEntry(event([{ path: '.env', operation: 'created', content, diff }]), 'full').changes;
  expect(change?.diff).not.toContain('x'.repeat(20));
});

test('a diff that is large is left out whole, and so are those that are too much together', () => {
  const diff = '+'.repeat(30 * 1024);
  const many = Array.from({ length: 6 }, (_, index) => ({
    path: `${index}`,
    operation: 'created' as const,
    diff,
  }));
  const large = { path: 'large', operation: 'created' as const, diff: `${diff}${diff}` };
  const told = filesEntry(event([large, ...many]), 'full').changes.map(
    (change) => change.diff?.length ?? null,
  );
  expect(told).toEqual([null, diff.length, diff.length, diff.length, diff.length, null, null]);
});

test('what is kept is cut to size by its diffs', () => {
  const entry = {
    ...when,
    ...filesEntry(
      event([
        { path: 'short', operation: 'created', diff: '+a' },
        { path: 'long', operation: 'created', diff: '+'.repeat(100) },
        { path: 'none', operation: 'deleted' },
      ]),
      'full',
    ),
  };
  expect(withoutDiffs(entry, 10).changes.map(({ diff }) => diff)).toEqual(['+a', null, undefined]);
  expect(withoutDiffs(entry, 100)).toBe(entry);
  expect(withoutDiffs(entry).changes.map(({ diff }) => diff)).toEqual([null, null, undefined]);
});

import { expect, test } from 'vitest';
import { shareTokenOf } from './share-token.ts';
import { timelineOfShared } from './timeline-of-shared.ts';

test.each([
  ['/webui/share/abc_-9', 'abc_-9'],
  ['/webui/share/abc/', 'abc'],
  ['/webui/share/', undefined],
  ['/webui/share/a/b', undefined],
  ['/webui/shared/abc', undefined],
  ['/webui', undefined],
])('%s is an address of %s', (path, token) => {
  expect(shareTokenOf(path)).toBe(token);
});

test('the patch of an edit is where the timeline looks for it, and what is not told is empty', () => {
  const when = { atMs: 1, choice: 0 };
  const call = { ...when, callId: 'call-1', name: 'Edit' };
  const timeline = timelineOfShared([
    { ...call, type: 'tool_done', isError: false, output: 'ok', patch: [{ lines: ['+a'] }] },
    { ...call, type: 'tool_done', isError: false, output: 'ok' },
    { ...when, type: 'files', changes: [], omitted: 0, certain: true },
    { ...when, type: 'done', stopReason: 'end', outputTokens: 7 },
  ]);
  expect(timeline).toMatchObject([
    { detail: { structuredPatch: [{ lines: ['+a'] }] } },
    { output: 'ok' },
    { workspaceId: '' },
    { usage: { outputTokens: 7, costUsd: null } },
  ]);
  expect(timeline[1]).not.toHaveProperty('detail');
});

import type { SharedEntry, TimelineEntry } from '../../../src/contract/index.ts';

/** What strangers are told of a timeline, in the form that the timeline of a run is shown from. */
export function timelineOfShared(entries: readonly SharedEntry[]): readonly TimelineEntry[] {
  return entries.map(entryOf);
}

function entryOf(entry: SharedEntry): TimelineEntry {
  switch (entry.type) {
    case 'started':
      return { ...entry, source: '' };
    case 'tool_done': {
      const { patch, ...rest } = entry;
      return patch === undefined ? rest : { ...rest, detail: { structuredPatch: patch } };
    }
    case 'approval_ended':
      return { ...entry, by: null };
    case 'files':
      return { ...entry, workspaceId: '' };
    case 'done': {
      const { outputTokens, ...rest } = entry;
      return { ...rest, usage: { ...untold, outputTokens } };
    }
    case 'error':
      return { ...entry, code: 'Failed', message: 'The run did not come to its end.', usage: untold };
    default:
      return entry;
  }
}

const untold = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  thinkingTokens: 0,
  costUsd: null,
  upstreamCalls: 0,
};

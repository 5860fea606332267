import type { SharedEntry, TimelineEntry } from '../../contract/index.ts';
import { isJsonObject } from '../../turn/index.ts';
import type { Cleaner } from './clean-shared.ts';

/** What strangers are told of a timeline: each entry is made anew of what it may tell. */
export function sharedTimeline(timeline: readonly TimelineEntry[], clean: Cleaner): SharedEntry[] {
  const calls = new Map<string, string>();
  const numbered = (callId: string): string => {
    const known = calls.get(callId) ?? `call-${calls.size + 1}`;
    calls.set(callId, known);
    return known;
  };
  return timeline.flatMap((entry) => sharedEntry(entry, clean, numbered) ?? []);
}

function sharedEntry(
  entry: TimelineEntry,
  clean: Cleaner,
  numbered: (callId: string) => string,
): SharedEntry | undefined {
  const when = { atMs: entry.atMs, choice: entry.choice };
  switch (entry.type) {
    case 'started':
      return { ...when, type: 'started', model: clean.text(entry.model) };
    case 'text':
    case 'thinking':
      return { ...when, type: entry.type, text: clean.text(entry.text), ...fullLengthOf(entry) };
    case 'text_reset':
      return { ...when, type: 'text_reset' };
    case 'tool_started':
      return {
        ...when,
        type: 'tool_started',
        ...callOf(entry, clean, numbered),
        ...(entry.server !== undefined && { server: clean.text(entry.server) }),
        ...parentOf(entry, numbered),
        input: clean.json(entry.input),
      };
    case 'tool_done':
      return {
        ...when,
        type: 'tool_done',
        ...callOf(entry, clean, numbered),
        isError: entry.isError,
        output: entry.output === null ? null : clean.text(entry.output),
        ...fullLengthOf(entry),
        ...patchOf(entry.detail, clean),
        ...parentOf(entry, numbered),
      };
    case 'client_call':
      return {
        ...when,
        type: 'client_call',
        ...callOf(entry, clean, numbered),
        arguments: clean.json(entry.arguments),
      };
    case 'approval_requested':
      return {
        ...when,
        type: 'approval_requested',
        ...callOf(entry, clean, numbered),
        server: entry.server === null ? null : clean.text(entry.server),
        arguments: clean.json(entry.arguments),
      };
    case 'approval_ended':
      return {
        ...when,
        type: 'approval_ended',
        ...callOf(entry, clean, numbered),
        outcome: entry.outcome,
      };
    case 'files':
      return {
        ...when,
        type: 'files',
        changes: entry.changes.map(({ path, operation, previousPath, diff }) => ({
          path: clean.text(path),
          operation,
          ...(previousPath !== undefined && { previousPath: clean.text(previousPath) }),
          ...(diff !== undefined && { diff: diff === null ? null : clean.text(diff) }),
        })),
        omitted: entry.omitted,
        certain: entry.certain,
      };
    case 'done':
      return {
        ...when,
        type: 'done',
        stopReason: clean.text(entry.stopReason),
        outputTokens: entry.usage.outputTokens,
      };
    case 'error':
      return { ...when, type: 'error' };
    // What the server has to say of itself, and what it costs.
    case 'notice':
    case 'usage':
      return undefined;
    default:
      return entry satisfies never;
  }
}

function callOf(
  { callId, name }: { readonly callId: string; readonly name: string },
  clean: Cleaner,
  numbered: (callId: string) => string,
): { callId: string; name: string } {
  return { callId: numbered(callId), name: clean.text(name) };
}

function parentOf(
  { parentCallId }: { readonly parentCallId?: string | undefined },
  numbered: (callId: string) => string,
): { parentCallId?: string } {
  return parentCallId === undefined ? {} : { parentCallId: numbered(parentCallId) };
}

function fullLengthOf({ fullLength }: { readonly fullLength?: number | undefined }): {
  fullLength?: number;
} {
  return fullLength === undefined ? {} : { fullLength };
}

function patchOf(detail: unknown, clean: Cleaner): { patch?: ReturnType<Cleaner['json']> } {
  const patch = isJsonObject(detail) ? detail['structuredPatch'] : undefined;
  return patch === undefined ? {} : { patch: clean.json(patch) };
}

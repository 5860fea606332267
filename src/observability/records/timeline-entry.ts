import type { TimelineEntry } from '../../contract/index.ts';
import { agentServer, type JsonObject, type TurnEvent } from '../../turn/index.ts';
import { cleanField } from './clean-field.ts';
import { copyJson, cutToBytes, placeholder } from './copy-json.ts';
import { filesEntry, withoutDiffs } from './files-entry.ts';
import { doAtOnce } from './in-pieces.ts';
import type { PlainJson } from './plain-json.ts';
import type { DetailLevel } from './run-event.ts';
import { usageView } from './usage-view.ts';

/** Of each of a call's input, output and structured result, in bytes. */
const mostOfCall = 32 * 1024;
const longestMessage = 1000;

/** When, and of which answer. */
export interface When {
  readonly atMs: number;
  readonly choice: number;
}

const wholeTypes = [
  'started',
  'text.reset',
  'client-call.done',
  'approval.requested',
  'approval.asked',
  'approval.answered',
  'tool.started',
  'tool.done',
  'files',
  'notice',
  'usage',
  'done',
  'error',
] as const;

/** The events that have an entry of their own; most others are pieces of texts and of arguments. */
export type WholeEvent = Extract<TurnEvent, { type: (typeof wholeTypes)[number] }>;

const whole: ReadonlySet<string> = new Set(wholeTypes);

export function isWhole(event: TurnEvent): event is WholeEvent {
  return whole.has(event.type);
}

/** What the timeline tells of an event, without secrets, in bounded size and time. */
export function timelineEntry(event: WholeEvent, when: When, level: DetailLevel): TimelineEntry {
  switch (event.type) {
    case 'started':
      return { ...when, type: 'started', model: name(event.model), source: event.source };
    case 'text.reset':
      return { ...when, type: 'text_reset' };
    case 'client-call.done':
      return { ...when, type: 'client_call', ...call(event), arguments: input(event.arguments, level) };
    case 'approval.requested':
      return {
        ...when,
        type: 'approval_requested',
        ...call(event),
        // The agent's own tools have none.
        server: event.server === agentServer ? null : name(event.server),
        arguments: input(event.arguments, level),
      };
    case 'approval.asked':
      return {
        ...when,
        type: 'approval_requested',
        ...call(event),
        server: null,
        arguments: input(event.input, level),
        approvalId: event.approvalId,
      };
    case 'approval.answered':
      return {
        ...when,
        type: 'approval_ended',
        ...call(event),
        outcome: event.outcome,
        by: event.by === null ? null : name(event.by),
      };
    case 'tool.started':
      return {
        ...when,
        type: 'tool_started',
        ...call(event),
        ...(event.server !== undefined && { server: name(event.server) }),
        ...(event.parentCallId !== undefined && { parentCallId: name(event.parentCallId) }),
        input: input(event.input, level),
      };
    case 'tool.done':
      return {
        ...when,
        type: 'tool_done',
        ...call(event),
        isError: event.isError,
        ...output(event.output, level),
        ...(event.detail !== undefined && level !== 'off' && { detail: copy(event.detail, level) }),
        ...(event.parentCallId !== undefined && { parentCallId: name(event.parentCallId) }),
      };
    case 'files':
      return { ...when, ...filesEntry(event, level) };
    case 'notice':
      return {
        ...when,
        type: 'notice',
        code: event.code,
        message: level === 'full' ? cleanField(event.message, longestMessage) : '',
      };
    case 'usage':
      return { ...when, type: 'usage', usage: usageView(event.usage) };
    case 'done':
      return { ...when, type: 'done', stopReason: event.stopReason, usage: usageView(event.usage) };
    case 'error': {
      const { code, message } = event.error;
      const usage = usageView(event.usage);
      return { ...when, type: 'error', code, message: cleanField(message, longestMessage), usage };
    }
    default:
      return event satisfies never;
  }
}

/** What somebody who decides on a call is shown of its input, whatever is kept of it. */
export function showInput(value: JsonObject): PlainJson {
  return copy(value, 'full');
}

/** The same entry without what may be large. */
export function skeleton(entry: TimelineEntry): TimelineEntry {
  switch (entry.type) {
    case 'text':
    case 'thinking':
      return { ...entry, text: '', fullLength: entry.fullLength ?? entry.text.length };
    case 'tool_started':
      return { ...entry, input: null };
    case 'tool_done': {
      const { detail: _, output, ...rest } = entry;
      const fullLength = entry.fullLength ?? output?.length;
      return { ...rest, output: null, ...(fullLength !== undefined && { fullLength }) };
    }
    case 'client_call':
    case 'approval_requested':
      return { ...entry, arguments: null };
    case 'files':
      return withoutDiffs(entry);
    default:
      return entry;
  }
}

function call(event: { readonly callId: string; readonly name: string }): { callId: string; name: string } {
  return { callId: name(event.callId), name: name(event.name) };
}

function name(text: string): string {
  return cleanField(text, 200);
}

function input(value: JsonObject, level: DetailLevel): PlainJson {
  return level === 'off' ? null : copy(value, level);
}

function copy(value: unknown, level: 'redacted' | 'full'): PlainJson {
  const options = { level, maxBytes: mostOfCall, maxTextBytes: mostOfCall / 4, isCall: true };
  return doAtOnce(copyJson(value, options)).value;
}

function output(text: string, level: DetailLevel): { output: string | null; fullLength?: number } {
  switch (level) {
    case 'off':
      return { output: null, fullLength: text.length };
    case 'redacted':
      return { output: placeholder('text', text.length), fullLength: text.length };
    case 'full':
      return Buffer.byteLength(text.slice(0, mostOfCall)) < mostOfCall
        ? { output: cutToBytes(text, mostOfCall) }
        : { output: cutToBytes(text, mostOfCall), fullLength: text.length };
    default:
      return level satisfies never;
  }
}

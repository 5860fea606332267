import type { AssistantMessage, Message, UserMessage } from '../../turn/index.ts';
import type { TranscriptEntry, TranscriptPoint } from '../ports.ts';
import { type InputMessage, toAssistantInput, toUserInput } from './map-messages.ts';
import { openInput, splitTranscript, synthesiseEntries } from './transcript-entries.ts';

export interface PlanInput {
  /** The transcript as the store remembers it, up to the point that the client's messages agree with; may be empty. */
  readonly stored: readonly TranscriptEntry[];
  /** The client's messages after the stored point (all, if there is none), up to the last assistant message. */
  readonly past: readonly Message[];
  /** The user messages that are asked now; at least one. */
  readonly asked: readonly UserMessage[];
  readonly model: string;
  readonly cwd: string;
  /** Whether a process takes messages of the past over its input. */
  readonly canInject: boolean;
}

/** How a fresh process comes to hold a conversation. */
export interface ConversationPlan {
  /** The point that the new session goes on from, and the entries up to it. */
  readonly parent: TranscriptPoint | undefined;
  readonly inherited: readonly TranscriptEntry[];
  readonly synthesised: readonly TranscriptEntry[];
  readonly inject: readonly InputMessage[];
  /** Undefined: the transcript ends with what is asked, and the process is told to go on with it. */
  readonly query: InputMessage | undefined;
}

/**
 * Giving a message over the input takes about 15 ms, resuming from a transcript some 400 ms for as many as one
 * likes (measured): so short histories are injected, long ones resumed.
 */
const injectAtMost = 24;

/** Decides what is resumed from a transcript and what is given to the process over its input. Pure but for ids. */
export function planConversation(input: PlanInput): ConversationPlan {
  return input.canInject ? planWithInjection(input) : planWithoutInjection(input);
}

function planWithInjection(input: PlanInput): ConversationPlan {
  const { stored, past, asked, model } = input;
  const { settled, open } = splitTranscript(stored);
  // What follows an open turn belongs to it, and goes the same way.
  const written = open.length === 0 && past.length > injectAtMost ? settledPart(past) : [];
  const query = asked.at(-1);
  if (query === undefined) throw new Error('A turn must ask something');
  return {
    parent: pointAfter(settled),
    inherited: settled,
    synthesised: synthesise(written, settled, input),
    inject: [
      ...openInput(open),
      ...past.slice(written.length).map((message) => toInput(message, model)),
      ...asked.slice(0, -1).map((message) => toUserInput(message, { query: false })),
    ],
    query: toUserInput(query, { query: true }),
  };
}

/** Everything goes through the transcript. Where that would end inside a turn, the process has to go on by itself. */
function planWithoutInjection(input: PlanInput): ConversationPlan {
  const { stored, past, asked } = input;
  const { settled, open } = splitTranscript(stored);
  const inTurn = past.length === 0 ? open.length > 0 : settledPart(past).length < past.length;
  const kept = open.length > 0 ? stored : settled;
  const merged: UserMessage = { role: 'user', parts: asked.flatMap((message) => message.parts) };
  if (inTurn)
    return {
      parent: pointAfter(kept),
      inherited: kept,
      synthesised: synthesise([...past, merged], kept, input),
      inject: [],
      query: undefined,
    };
  return {
    parent: pointAfter(kept),
    inherited: kept,
    synthesised: synthesise(past, kept, input),
    inject: [],
    query: toUserInput(merged, { query: true }),
  };
}

/** The point at the end of these stored entries; it may lie in an ancestor of the session they were loaded by. */
function pointAfter(entries: readonly TranscriptEntry[]): TranscriptPoint | undefined {
  const last = entries.findLast((entry) => entry.uuid !== undefined);
  return last?.uuid === undefined || last.sessionId === undefined
    ? undefined
    : { sessionId: last.sessionId, entryUuid: last.uuid };
}

function synthesise(
  messages: readonly Message[],
  after: readonly TranscriptEntry[],
  { model, cwd }: PlanInput,
): TranscriptEntry[] {
  return synthesiseEntries(messages, { model, cwd, after: lastUuid(after) });
}

function lastUuid(entries: readonly TranscriptEntry[]): string | null {
  return entries.findLast((entry) => entry.uuid !== undefined)?.uuid ?? null;
}

/** The messages up to the last assistant message that finished its turn. */
function settledPart(messages: readonly Message[]): readonly Message[] {
  const finishes = (message: Message): boolean =>
    message.role === 'assistant' && !message.parts.some((part) => part.type === 'tool-call');
  return messages.slice(0, messages.findLastIndex(finishes) + 1);
}

function toInput(message: Message, model: string): InputMessage {
  return message.role === 'user'
    ? toUserInput(message, { query: false })
    : toAssistantInput(message satisfies AssistantMessage, model);
}

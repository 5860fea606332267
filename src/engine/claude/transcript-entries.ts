import { randomUUID } from 'node:crypto';
import type { Message } from '../../turn/index.ts';
import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import type { TranscriptEntry } from '../ports.ts';
import { assistantMessage, type InputMessage, userContent } from './map-messages.ts';

/**
 * Writes messages as the transcript entries that Claude Code would have written, each pointing at the one
 * before. The shape was measured against the engine: see the transcript tests.
 */
export function synthesiseEntries(
  messages: readonly Message[],
  { model, cwd, after }: { readonly model: string; readonly cwd: string; readonly after: string | null },
): TranscriptEntry[] {
  let parentUuid = after;
  return messages.map((message) => {
    const uuid = randomUUID();
    const entry: TranscriptEntry = {
      parentUuid,
      isSidechain: false,
      userType: 'external',
      cwd,
      version: '2.1.330',
      gitBranch: '',
      type: message.role,
      message:
        message.role === 'user'
          ? { role: 'user', content: userContent(message) }
          : assistantMessage(message, model),
      uuid,
      timestamp: new Date().toISOString(),
    };
    parentUuid = uuid;
    return entry;
  });
}

/** A transcript cut in two: what a process can resume from, and what has to be given to it over its input. */
export interface SplitTranscript {
  /** Ends with an assistant message that finished its turn (or is empty): resuming adds nothing to it. */
  readonly settled: readonly TranscriptEntry[];
  /** The messages of the turn that was still open, in the Messages API's shape. */
  readonly open: readonly OpenMessage[];
}

export type OpenMessage =
  | { readonly role: 'user'; readonly content: string | JsonObject[] }
  | { readonly role: 'assistant'; readonly message: JsonObject };

/**
 * Claude Code "repairs" a transcript that ends in the middle of a turn with text of its own, so only the
 * finished part may be resumed.
 */
export function splitTranscript(entries: readonly TranscriptEntry[]): SplitTranscript {
  const calling = new Set(entries.filter(callsTool).map(messageId));
  const end = entries.findLastIndex((entry) => isMainAssistant(entry) && !calling.has(messageId(entry))) + 1;
  return { settled: entries.slice(0, end), open: openMessages(entries.slice(end)) };
}

function isMainAssistant(entry: TranscriptEntry): boolean {
  return entry.type === 'assistant' && entry['isSidechain'] !== true;
}

function callsTool(entry: TranscriptEntry): boolean {
  return isMainAssistant(entry) && contentBlocks(entry).some((block) => block['type'] === 'tool_use');
}

/** Claude Code writes one entry per content block; those of one message share its id. */
function messageId(entry: TranscriptEntry): unknown {
  const { message } = entry;
  return isJsonObject(message) ? message['id'] : undefined;
}

/** The open messages for a process's input, where none of them is asked. */
export function openInput(open: readonly OpenMessage[]): InputMessage[] {
  return open.map((message): InputMessage => {
    const common = { parent_tool_use_id: null, session_id: '', uuid: randomUUID() } as const;
    if (message.role === 'assistant') return { type: 'assistant', message: message.message, ...common };
    const content = message.content as Extract<InputMessage, { type: 'user' }>['message']['content'];
    return { type: 'user', message: { role: 'user', content }, shouldQuery: false, ...common };
  });
}

function openMessages(entries: readonly TranscriptEntry[]): OpenMessage[] {
  const messages: OpenMessage[] = [];
  for (const entry of entries) {
    const { message } = entry;
    if (entry['isSidechain'] === true || entry['isMeta'] === true || !isJsonObject(message)) continue;
    const before = messages.at(-1);
    if (entry.type === 'assistant') {
      if (before?.role === 'assistant' && before.message['id'] === message['id']) {
        messages[messages.length - 1] = {
          role: 'assistant',
          message: { ...before.message, content: [...blocksOf(before.message), ...blocksOf(message)] },
        };
      } else messages.push({ role: 'assistant', message });
    } else if (entry.type === 'user') {
      const content = message['content'];
      // The results of parallel calls are entries of their own, too.
      if (before?.role === 'user' && isResults(before.content) && isResults(content)) {
        messages[messages.length - 1] = {
          role: 'user',
          content: [...(before.content as JsonObject[]), ...(content as JsonObject[])],
        };
      } else messages.push({ role: 'user', content: content as string | JsonObject[] });
    }
  }
  return messages;
}

function contentBlocks(entry: TranscriptEntry): JsonObject[] {
  const { message } = entry;
  return isJsonObject(message) ? blocksOf(message) : [];
}

function blocksOf(message: JsonObject): JsonObject[] {
  const content = message['content'];
  return Array.isArray(content) ? content.filter(isJsonObject) : [];
}

function isResults(content: unknown): boolean {
  return (
    Array.isArray(content) && content.every((block) => isJsonObject(block) && block['type'] === 'tool_result')
  );
}

import {
  type Fingerprint,
  fingerprints,
  type Message,
  type ToolResultPart,
  type UserMessage,
} from '../../turn/index.ts';

/** A client's messages, seen from the answer that is due. */
export interface ConversationSplit {
  /** Up to and including the last assistant message. */
  readonly past: readonly Message[];
  /** The fingerprint after each message of the past. */
  readonly pastFingerprints: readonly Fingerprint[];
  /** The fingerprint of the past; undefined if there is none. */
  readonly conversation: Fingerprint | undefined;
  /** The user messages since: what is asked now. */
  readonly asked: readonly UserMessage[];
}

export function splitConversation(messages: readonly Message[]): ConversationSplit {
  const end = messages.findLastIndex((message) => message.role === 'assistant') + 1;
  const past = messages.slice(0, end);
  const pastFingerprints = fingerprints(past);
  const asked = messages.slice(end).filter((message) => message.role === 'user');
  return { past, pastFingerprints, conversation: pastFingerprints.at(-1), asked };
}

/** The results, if they are all that is asked and answer exactly these calls; else undefined. */
export function resultsFor(
  calls: readonly string[],
  asked: readonly UserMessage[],
): readonly ToolResultPart[] | undefined {
  const parts = asked.flatMap((message) => message.parts);
  const results = parts.filter((part) => part.type === 'tool-result');
  const answered = new Set(results.map((result) => result.callId));
  const exact =
    results.length === parts.length &&
    results.length === calls.length &&
    answered.size === calls.length &&
    calls.every((call) => answered.has(call));
  return exact ? results : undefined;
}

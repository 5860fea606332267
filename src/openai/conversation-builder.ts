import type { AssistantPart, ImagePart, Message, TextPart, UserPart } from '../turn/index.ts';

interface Draft<Role extends 'user' | 'assistant', Part> {
  readonly role: Role;
  readonly parts: Part[];
}

/** What is wrong with the calls of a conversation, in the words of a dialect. `path` is where the fault stands. */
export interface PairingErrors {
  duplicateCall(callId: string, path: string): Error;
  /** A result where there is no call at all. */
  orphanResult(callId: string, path: string): Error;
  /** A result for another call than those that wait for one. */
  unknownCall(callId: string, path: string): Error;
  answeredTwice(callId: string, path: string): Error;
  /** `path` is where the calls stand. */
  unanswered(callIds: readonly string[], path: string): Error;
}

/**
 * Puts messages of a client into the form that Claude takes: the results that answer one assistant message
 * lie together at the head of the next user message, what the user says after them follows in the same
 * message, and consecutive assistant messages are one. Refuses calls without results and results without calls.
 */
export class ConversationBuilder {
  readonly #errors: PairingErrors;
  readonly #messages: (Draft<'user', UserPart> | Draft<'assistant', AssistantPart>)[] = [];
  /** Calls of the last assistant message, and which of them have their result. */
  #calls = new Map<string, { readonly name: string; answered: boolean }>();
  /** Where the last message with calls stands in the request. */
  #callsPath = '';

  constructor(errors: PairingErrors) {
    this.#errors = errors;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  addUser(parts: readonly UserPart[]): void {
    this.#requireAnswers();
    const last = this.#messages.at(-1);
    if (last?.role === 'user' && last.parts[0]?.type === 'tool-result') last.parts.push(...parts);
    else this.#messages.push({ role: 'user', parts: [...parts] });
    this.#calls.clear();
  }

  addAssistant(parts: readonly AssistantPart[], path: string): void {
    const last = this.#messages.at(-1);
    if (last?.role === 'assistant') {
      last.parts.push(...parts);
    } else {
      this.#requireAnswers();
      this.#calls.clear();
      this.#messages.push({ role: 'assistant', parts: [...parts] });
    }
    for (const part of parts) {
      if (part.type !== 'tool-call') continue;
      if (this.#calls.has(part.callId)) throw this.#errors.duplicateCall(part.callId, path);
      this.#calls.set(part.callId, { name: part.name, answered: false });
      this.#callsPath = path;
    }
  }

  addResult(callId: string, content: readonly (TextPart | ImagePart)[], path: string): void {
    const call = this.#calls.get(callId);
    if (this.#calls.size === 0) throw this.#errors.orphanResult(callId, path);
    if (call === undefined) throw this.#errors.unknownCall(callId, path);
    if (call.answered) throw this.#errors.answeredTwice(callId, path);
    call.answered = true;
    const part: UserPart = { type: 'tool-result', callId, content };
    const last = this.#messages.at(-1);
    if (last?.role === 'user') last.parts.push(part);
    else this.#messages.push({ role: 'user', parts: [part] });
  }

  /** The first call of this function that waits for its result. */
  findUnanswered(name: string): string | undefined {
    for (const [callId, call] of this.#calls) {
      if (!call.answered && call.name === name) return callId;
    }
    return undefined;
  }

  finish(): readonly Message[] {
    this.#requireAnswers();
    return this.#messages;
  }

  #requireAnswers(): void {
    const missing = [...this.#calls].flatMap(([callId, call]) => (call.answered ? [] : [callId]));
    if (missing.length > 0) throw this.#errors.unanswered(missing, this.#callsPath);
  }
}

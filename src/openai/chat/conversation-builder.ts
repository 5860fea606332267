import type { AssistantPart, ImagePart, Message, TextPart, UserPart } from '../../turn/index.ts';
import { invalidValue } from '../errors.ts';

interface Draft<Role extends 'user' | 'assistant', Part> {
  readonly role: Role;
  readonly parts: Part[];
}

/**
 * Puts messages of a client into the form that Claude takes: the results that answer one assistant message
 * lie together at the head of the next user message, what the user says after them follows in the same
 * message, and consecutive assistant messages are one. Refuses calls without results and results without calls.
 */
export class ConversationBuilder {
  readonly #messages: (Draft<'user', UserPart> | Draft<'assistant', AssistantPart>)[] = [];
  /** Calls of the last assistant message, and which of them have their result. */
  #calls = new Map<string, { readonly name: string; answered: boolean }>();
  /** Where the last message with calls stands in the request. */
  #callsPath = '';

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
      if (this.#calls.has(part.callId)) {
        throw invalidValue(`${path}.tool_calls`, `Duplicate tool call id '${part.callId}' in '${path}'.`);
      }
      this.#calls.set(part.callId, { name: part.name, answered: false });
      this.#callsPath = path;
    }
  }

  addResult(callId: string, content: readonly (TextPart | ImagePart)[], path: string): void {
    const call = this.#calls.get(callId);
    if (this.#calls.size === 0) throw orphanResult('tool', 'tool_calls', path);
    if (call === undefined) {
      throw invalidValue(
        `${path}.tool_call_id`,
        `Invalid parameter: 'tool_call_id' of '${callId}' not found in 'tool_calls' of previous message.`,
      );
    }
    if (call.answered) {
      throw invalidValue(
        `${path}.tool_call_id`,
        `The tool call '${callId}' has more than one response message.`,
      );
    }
    call.answered = true;
    const part: UserPart = { type: 'tool-result', callId, content };
    const last = this.#messages.at(-1);
    if (last?.role === 'user') last.parts.push(part);
    else this.#messages.push({ role: 'user', parts: [part] });
  }

  /** A legacy function message names no call, only the function. */
  addFunctionResult(name: string, content: readonly (TextPart | ImagePart)[], path: string): void {
    for (const [callId, call] of this.#calls) {
      if (!call.answered && call.name === name) {
        this.addResult(callId, content, path);
        return;
      }
    }
    throw orphanResult('function', 'function_call', path);
  }

  finish(): readonly Message[] {
    this.#requireAnswers();
    return this.#messages;
  }

  #requireAnswers(): void {
    const missing = [...this.#calls].flatMap(([callId, call]) => (call.answered ? [] : [callId]));
    if (missing.length === 0) return;
    throw invalidValue(
      this.#callsPath,
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each " +
        `'tool_call_id'. The following tool_call_ids did not have response messages: ${missing.join(', ')}`,
    );
  }
}

/** OpenAI's own words, spelling included: clients match on them. */
function orphanResult(role: string, calls: string, path: string): Error {
  return invalidValue(
    `${path}.role`,
    `Invalid parameter: messages with role '${role}' must be a response to a preceeding message with '${calls}'.`,
  );
}

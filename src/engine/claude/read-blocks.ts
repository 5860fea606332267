import type { BetaRawMessageStreamEvent } from '@anthropic-ai/sdk/resources/beta/messages/messages.mjs';
import { type AssistantPart, isJsonObject, type JsonObject, type TurnEvent } from '../../turn/index.ts';
import type { RemoteTools } from './remote-tools.ts';

/** The tool through which the engine takes an answer that must fit a schema. */
export const structuredOutputTool = 'StructuredOutput';

type Block =
  | { readonly kind: 'text' | 'thinking' | 'structured' | 'other' }
  | {
      readonly kind: 'client-call' | 'remote-call';
      readonly callId: string;
      readonly name: string;
      json: string;
    };

export interface BlockReaderOptions {
  readonly isClientTool: (name: string) => boolean;
  readonly remote: Pick<RemoteTools, 'find' | 'needsApproval'>;
  /** The answer is the input of the structured-output tool; free text beside it is not part of it. */
  readonly structured: boolean;
}

/** Turns the content blocks of the main agent's streamed messages into turn events. */
export class BlockReader {
  readonly #options: BlockReaderOptions;
  readonly #blocks = new Map<number, Block>();
  readonly #parts: AssistantPart[] = [];
  #callsInMessage = 0;
  #approvalsInMessage = 0;
  #structuredInMessage = false;
  #partsBefore = 0;

  constructor(options: BlockReaderOptions) {
    this.#options = options;
  }

  /** What the client has been given so far, as it will tell it in its next request. */
  get visible(): readonly AssistantPart[] {
    return this.#parts;
  }

  /** Calls of client tools in the message that is being read. */
  get callsInMessage(): number {
    return this.#callsInMessage;
  }

  /** Calls in that message that wait for the client's approval. */
  get approvalsInMessage(): number {
    return this.#approvalsInMessage;
  }

  /** The message that is being read gives the structured answer. */
  get structuredInMessage(): boolean {
    return this.#structuredInMessage;
  }

  /** True if the client was given text or a call of the message that is being read. */
  get messageVisible(): boolean {
    return (
      this.#callsInMessage > 0 ||
      this.#parts.slice(this.#partsBefore).some((part) => part.type !== 'text' || part.text !== '')
    );
  }

  messageStarted(): void {
    this.#blocks.clear();
    this.#callsInMessage = 0;
    this.#approvalsInMessage = 0;
    this.#structuredInMessage = false;
    this.#partsBefore = this.#parts.length;
  }

  /** Forgets the text so far: it did not fit the schema. */
  reset(): void {
    this.#parts.length = 0;
  }

  /** The client will tell it as the assistant's words. */
  addText(text: string): void {
    this.#parts.push({ type: 'text', text });
  }

  push(event: BetaRawMessageStreamEvent): TurnEvent[] {
    switch (event.type) {
      case 'content_block_start':
        return this.#start(event.index, event.content_block);
      case 'content_block_delta':
        return this.#delta(event.index, event.delta);
      case 'content_block_stop':
        return this.#stop(event.index);
      default:
        return [];
    }
  }

  #start(
    index: number,
    block: Extract<BetaRawMessageStreamEvent, { type: 'content_block_start' }>['content_block'],
  ): TurnEvent[] {
    if (block.type === 'text' && !this.#options.structured) {
      this.#blocks.set(index, { kind: 'text' });
      this.#parts.push({ type: 'text', text: '' });
      return [{ type: 'text.started' }, ...this.#text(block.text)];
    }
    if (block.type === 'thinking') {
      this.#blocks.set(index, { kind: 'thinking' });
      return [{ type: 'thinking.started' }];
    }
    if (block.type === 'tool_use' && this.#options.isClientTool(block.name)) {
      this.#callsInMessage++;
      this.#blocks.set(index, { kind: 'client-call', callId: block.id, name: block.name, json: '' });
      return [{ type: 'client-call.started', callId: block.id, name: block.name }];
    }
    if (block.type === 'tool_use' && this.#options.structured && block.name === structuredOutputTool) {
      this.#structuredInMessage = true;
      this.#blocks.set(index, { kind: 'structured' });
      this.#parts.push({ type: 'text', text: '' });
      return [{ type: 'text.started' }];
    }
    if (block.type === 'tool_use' && this.#options.remote.find(block.name) !== undefined)
      this.#blocks.set(index, { kind: 'remote-call', callId: block.id, name: block.name, json: '' });
    else this.#blocks.set(index, { kind: 'other' });
    return [];
  }

  #delta(
    index: number,
    delta: Extract<BetaRawMessageStreamEvent, { type: 'content_block_delta' }>['delta'],
  ): TurnEvent[] {
    const block = this.#blocks.get(index);
    if (block === undefined) return [];
    if (delta.type === 'text_delta' && block.kind === 'text') return this.#text(delta.text);
    if (delta.type === 'thinking_delta' && block.kind === 'thinking')
      return delta.thinking === '' ? [] : [{ type: 'thinking.delta', text: delta.thinking }];
    if (delta.type === 'input_json_delta' && delta.partial_json !== '') {
      if (block.kind === 'structured') return this.#text(delta.partial_json);
      if (block.kind === 'remote-call') block.json += delta.partial_json;
      if (block.kind === 'client-call') {
        block.json += delta.partial_json;
        return [{ type: 'client-call.delta', callId: block.callId, argumentsDelta: delta.partial_json }];
      }
    }
    return [];
  }

  #stop(index: number): TurnEvent[] {
    const block = this.#blocks.get(index);
    if (block?.kind === 'remote-call')
      return this.#remoteCall(block.callId, block.name, parseArguments(block.json));
    if (block?.kind !== 'client-call') return [];
    const { callId, name } = block;
    // A call without arguments streams no JSON at all.
    const missing: TurnEvent[] =
      block.json === '' ? [{ type: 'client-call.delta', callId, argumentsDelta: '{}' }] : [];
    const args = parseArguments(block.json);
    this.#parts.push({ type: 'tool-call', callId, name, arguments: args });
    return [...missing, { type: 'client-call.done', callId, name, arguments: args }];
  }

  #remoteCall(callId: string, fullName: string, args: JsonObject): TurnEvent[] {
    const { remote } = this.#options;
    const tool = remote.find(fullName);
    if (tool === undefined || !remote.needsApproval(fullName, args)) return [];
    this.#approvalsInMessage++;
    return [
      { type: 'approval.requested', callId, server: tool.server.label, name: tool.name, arguments: args },
    ];
  }

  #text(text: string): TurnEvent[] {
    if (text === '') return [];
    const last = this.#parts.at(-1);
    if (last?.type === 'text') this.#parts[this.#parts.length - 1] = { type: 'text', text: last.text + text };
    return [{ type: 'text.delta', text }];
  }
}

/** Arguments that upstream cut off are no JSON; they were streamed as they came. */
function parseArguments(json: string): JsonObject {
  try {
    const value: unknown = JSON.parse(json === '' ? '{}' : json);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

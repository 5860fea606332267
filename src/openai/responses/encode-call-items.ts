import type { JsonObject } from '../../turn/index.ts';
import { CustomInputDecoder } from '../custom-input-decoder.ts';
import type { ForcedEnd, ItemEncoder, NewItem } from './item-encoder.ts';
import type { CustomToolCallItem, FunctionCallItem, ItemStatus } from './items.ts';
import type { ResponseEventBody } from './response-events.ts';

/** How the client knows the tool that is called. */
export interface CalledTool {
  readonly callId: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A call that the client runs. */
export interface ClientCallEncoder extends ItemEncoder {
  open(): ResponseEventBody[];
  add(argumentsDelta: string): ResponseEventBody[];
  finish(callArguments: JsonObject): ResponseEventBody[];
}

export class FunctionCallEncoder implements ClientCallEncoder {
  readonly #new: NewItem;
  readonly #tool: CalledTool;
  #status: ItemStatus = 'in_progress';
  #arguments = '';

  constructor(place: NewItem, tool: CalledTool) {
    this.#new = place;
    this.#tool = tool;
  }

  get item(): FunctionCallItem {
    return {
      id: this.#new.id,
      type: 'function_call',
      status: this.#status,
      call_id: this.#tool.callId,
      name: this.#tool.name,
      ...(this.#tool.namespace === undefined ? {} : { namespace: this.#tool.namespace }),
      arguments: this.#arguments,
    };
  }

  open(): ResponseEventBody[] {
    return [{ type: 'response.output_item.added', output_index: this.#new.outputIndex, item: this.item }];
  }

  add(delta: string): ResponseEventBody[] {
    if (delta === '') return [];
    this.#arguments += delta;
    return [{ type: 'response.function_call_arguments.delta', ...this.#place(), delta }];
  }

  /** A call without arguments may come without any delta; a call that the token limit cut off is no JSON. */
  finish(callArguments: JsonObject): ResponseEventBody[] {
    const missing = this.#arguments === '' ? this.add(JSON.stringify(callArguments)) : [];
    return [...missing, ...this.close(isJson(this.#arguments) ? 'completed' : 'incomplete')];
  }

  close(status: ForcedEnd): ResponseEventBody[] {
    if (this.#status !== 'in_progress') return [];
    this.#status = status;
    return [
      {
        type: 'response.function_call_arguments.done',
        ...this.#place(),
        name: this.#tool.name,
        arguments: this.#arguments,
      },
      { type: 'response.output_item.done', output_index: this.#new.outputIndex, item: this.item },
    ];
  }

  #place() {
    return { item_id: this.#new.id, output_index: this.#new.outputIndex };
  }
}

/** A call of a custom tool: its input goes out as the plain text that it is. */
export class CustomCallEncoder implements ClientCallEncoder {
  readonly #new: NewItem;
  readonly #tool: CalledTool;
  readonly #decoder = new CustomInputDecoder();
  #status: ItemStatus = 'in_progress';
  #input = '';

  constructor(place: NewItem, tool: CalledTool) {
    this.#new = place;
    this.#tool = tool;
  }

  get item(): CustomToolCallItem {
    return {
      id: this.#new.id,
      type: 'custom_tool_call',
      status: this.#status,
      call_id: this.#tool.callId,
      name: this.#tool.name,
      ...(this.#tool.namespace === undefined ? {} : { namespace: this.#tool.namespace }),
      input: this.#input,
    };
  }

  open(): ResponseEventBody[] {
    return [{ type: 'response.output_item.added', output_index: this.#new.outputIndex, item: this.item }];
  }

  add(argumentsDelta: string): ResponseEventBody[] {
    return this.#tell(this.#decoder.push(argumentsDelta));
  }

  /** Of a call that the token limit cut off, what was told stands. */
  finish(callArguments: JsonObject): ResponseEventBody[] {
    if (this.#input !== '' && typeof callArguments['input'] !== 'string') return this.close('incomplete');
    return [...this.#tell(this.#decoder.finish(callArguments)), ...this.close('completed')];
  }

  close(status: ForcedEnd): ResponseEventBody[] {
    if (this.#status !== 'in_progress') return [];
    this.#status = status;
    return [
      { type: 'response.custom_tool_call_input.done', ...this.#place(), input: this.#input },
      { type: 'response.output_item.done', output_index: this.#new.outputIndex, item: this.item },
    ];
  }

  #tell(delta: string): ResponseEventBody[] {
    if (delta === '') return [];
    this.#input += delta;
    return [{ type: 'response.custom_tool_call_input.delta', ...this.#place(), delta }];
  }

  #place() {
    return { item_id: this.#new.id, output_index: this.#new.outputIndex };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

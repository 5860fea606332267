import { type JsonObject, TurnError } from '../../turn/index.ts';
import { CustomInputDecoder } from '../custom-input-decoder.ts';
import type { ChatDelta } from './chat-wire.ts';

interface OpenCall {
  readonly index: number;
  /** Set for a custom tool. */
  readonly input: CustomInputDecoder | undefined;
  hasArguments: boolean;
}

/** Client calls as deltas: the first of a call names it, the later ones carry only its index and a fragment. */
export class ChatCallEncoder {
  readonly #legacyFunctions: boolean;
  readonly #customToolNames: ReadonlySet<string>;
  readonly #calls = new Map<string, OpenCall>();

  constructor(legacyFunctions: boolean, customToolNames: ReadonlySet<string>) {
    this.#legacyFunctions = legacyFunctions;
    this.#customToolNames = customToolNames;
  }

  begin(callId: string, name: string): ChatDelta[] {
    const index = this.#calls.size;
    const isCustom = this.#customToolNames.has(name);
    this.#calls.set(callId, {
      index,
      input: isCustom ? new CustomInputDecoder() : undefined,
      hasArguments: false,
    });
    if (this.#legacyFunctions) {
      if (index > 0)
        throw new TurnError('engine_failed', 'The model made more than one function call.', {
          agentActed: true,
        });
      return [{ function_call: { name, arguments: '' } }];
    }
    if (isCustom)
      return [{ tool_calls: [{ index, id: callId, type: 'custom', custom: { name, input: '' } }] }];
    return [{ tool_calls: [{ index, id: callId, type: 'function', function: { name, arguments: '' } }] }];
  }

  continue(callId: string, argumentsDelta: string): ChatDelta[] {
    const call = this.#calls.get(callId);
    if (call === undefined) return [];
    return this.#fragment(call, call.input === undefined ? argumentsDelta : call.input.push(argumentsDelta));
  }

  /** A call without arguments may come without any delta; clients parse what they got as JSON all the same. */
  end(callId: string, callArguments: JsonObject): ChatDelta[] {
    const call = this.#calls.get(callId);
    if (call === undefined) return [];
    if (call.input !== undefined) return this.#fragment(call, call.input.finish(callArguments));
    return call.hasArguments ? [] : this.#fragment(call, JSON.stringify(callArguments));
  }

  #fragment(call: OpenCall, fragment: string): ChatDelta[] {
    if (fragment === '') return [];
    call.hasArguments = true;
    if (this.#legacyFunctions) return [{ function_call: { arguments: fragment } }];
    const { index } = call;
    if (call.input !== undefined) return [{ tool_calls: [{ index, custom: { input: fragment } }] }];
    return [{ tool_calls: [{ index, function: { arguments: fragment } }] }];
  }
}

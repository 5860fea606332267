import {
  agentServer,
  type FilesChanged,
  type McpCall,
  type ToolDone,
  type ToolStarted,
  TurnError,
  type TurnEvent,
  type Usage,
} from '../../turn/index.ts';
import { answerAlreadySent } from '../answer-already-sent.ts';
import { encodeArtifacts, type FileLink } from '../artifacts.ts';
import type { WireError } from '../errors.ts';
import { citeFiles } from './cite-files.ts';
import {
  type CalledTool,
  type ClientCallEncoder,
  CustomCallEncoder,
  FunctionCallEncoder,
} from './encode-call-items.ts';
import { MessageItemEncoder } from './encode-message-item.ts';
import { ReasoningItemEncoder } from './encode-reasoning-item.ts';
import {
  CodeInterpreterEncoder,
  McpCallEncoder,
  type ToolItemEncoder,
  WebSearchEncoder,
} from './encode-tool-items.ts';
import type { HostedTools } from './hosted-tools.ts';
import type { ItemEncoder, NewItem } from './item-encoder.ts';
import { idPrefixes, type McpApprovalRequestItem, type OutputItem } from './items.ts';
import type { KeepAliveEvent, ResponseEvent, ResponseEventBody } from './response-events.ts';
import { type FrameOptions, ResponseFrame } from './response-frame.ts';
import type { ResponseObject } from './response-object.ts';
import type { NamespacedName } from './tool-names.ts';
import { WholeItemEncoder } from './whole-item.ts';

export interface ResponseEncoderOptions extends FrameOptions {
  /** A new id with this prefix, as `msg_`. */
  readonly newId: (prefix: string) => string;
  readonly customToolNames: ReadonlySet<string>;
  readonly toolNamespaces: ReadonlyMap<string, NamespacedName>;
  readonly showAgentWork: boolean;
  readonly hosted: HostedTools;
  readonly include: ReadonlySet<string>;
  /** Where the agent's commands run, for code interpreter items; absent if it cannot be listed. */
  readonly containerId?: string;
  /** Where files can be had, for the artifacts. What it gives is kept with the response, so it must not go stale. */
  readonly fileLink?: FileLink;
  /** Nothing of the answer goes out before its end, so its text may still be taken back. */
  readonly buffered?: boolean;
}

/**
 * Turns the events of one turn into the events of one response; `response()` is the object that they tell. Never
 * throws: what goes wrong ends the response as failed, and is then in `failure`. After the end there is nothing more.
 */
export class ResponseStreamEncoder {
  readonly #options: ResponseEncoderOptions;
  readonly #frame: ResponseFrame;
  readonly #calls = new Map<string, ClientCallEncoder>();
  readonly #tools = new Map<string, ToolItemEncoder>();
  /** The block that is being told. */
  #speaking: MessageItemEncoder | ReasoningItemEncoder | undefined;
  #started = false;
  #itemCount = 0;

  constructor(options: ResponseEncoderOptions) {
    this.#options = options;
    this.#frame = new ResponseFrame(options);
  }

  /** The items as they are now. */
  get output(): readonly OutputItem[] {
    return this.#frame.items.map(({ item }) => item);
  }

  /** The error that ended the response, for an answer that is not streamed. */
  get failure(): WireError | undefined {
    return this.#frame.failure;
  }

  get ended(): boolean {
    return this.#frame.ended;
  }

  /** `created` and `queued`, for a background response that waits for its turn. */
  queue(): ResponseEvent[] {
    return this.#frame.queue();
  }

  /** `created` (unless it was queued) and `in_progress`. */
  start(): ResponseEvent[] {
    if (this.#started) return [];
    this.#started = true;
    return this.#frame.start();
  }

  push(event: TurnEvent): ResponseEvent[] {
    if (this.ended) return [];
    const begin = this.start();
    try {
      return [...begin, ...this.#push(event)];
    } catch (error) {
      if (!(error instanceof TurnError)) throw error;
      return [...begin, ...this.#frame.fail(error)];
    }
  }

  /** The `error` event, then `failed`. */
  fail(error: WireError, usage?: Usage): ResponseEvent[] {
    if (this.ended) return [];
    return [...this.start(), ...this.#frame.fail(error, usage)];
  }

  /** Ends it as cancelled; there is no event for that, the stream just ends. */
  cancel(usage?: Usage): void {
    this.#frame.cancel(usage);
  }

  /** For a connection that was silent; neither stored nor numbered. */
  keepAlive(): KeepAliveEvent {
    return { type: 'keepalive', sequence_number: Math.max(0, this.#frame.lastSequenceNumber) };
  }

  /** The object as it is now; whole once `ended`. */
  response(): ResponseObject {
    return this.#frame.response();
  }

  #push(event: TurnEvent): ResponseEvent[] {
    switch (event.type) {
      case 'done':
        return this.#frame.finish(event.stopReason, event.usage);
      case 'error':
        return this.#frame.fail(event.error, event.usage);
      default:
        return this.#frame.tell(this.#encode(event));
    }
  }

  #encode(event: Exclude<TurnEvent, { type: 'done' | 'error' }>): ResponseEventBody[] {
    switch (event.type) {
      case 'text.started':
        return this.#stopSpeaking();
      case 'text.delta':
        return event.text === '' ? [] : this.#say(event.text);
      case 'text.reset':
        this.#forgetText();
        return [];
      case 'thinking.started':
        return this.#speaking instanceof ReasoningItemEncoder
          ? this.#speaking.endPart()
          : this.#stopSpeaking();
      case 'thinking.delta':
        return event.text === '' ? [] : this.#think(event.text);
      case 'client-call.started': {
        const stopped = this.#stopSpeaking();
        const call = this.#newCall(event.callId, event.name);
        this.#calls.set(event.callId, call);
        return [...stopped, ...call.open()];
      }
      case 'client-call.delta':
        return this.#calls.get(event.callId)?.add(event.argumentsDelta) ?? [];
      case 'client-call.done':
        return this.#calls.get(event.callId)?.finish(event.arguments) ?? [];
      case 'tool.started': {
        // Subagents may work while the agent itself speaks.
        const stopped = event.parentCallId === undefined ? this.#stopSpeaking() : [];
        return [...stopped, ...this.#beginTool(event)];
      }
      case 'tool.done':
        return this.#endTool(event);
      case 'approval.requested': {
        const stopped = this.#stopSpeaking();
        return [...stopped, ...this.#requestApproval(event)];
      }
      case 'files':
        return this.#tellFiles(event);
      case 'started':
      case 'usage':
      // It goes on here; whoever is asked is told elsewhere.
      case 'approval.asked':
      case 'approval.answered':
      case 'notice':
        return [];
      default:
        return event satisfies never;
    }
  }

  /** Only the message that the answer ends with can still cite them; a response without one has them as artifacts. */
  #tellFiles(files: FilesChanged): ResponseEventBody[] {
    this.#frame.extend({
      artifacts: encodeArtifacts(files, this.#options.fileLink),
      artifacts_omitted: files.omitted,
    });
    const last = this.#speaking;
    return last instanceof MessageItemEncoder ? last.annotate(citeFiles(last.text, files)) : [];
  }

  #say(text: string): ResponseEventBody[] {
    if (this.#speaking instanceof MessageItemEncoder) return this.#speaking.add(text);
    const stopped = this.#stopSpeaking();
    const message = this.#add(new MessageItemEncoder(this.#newItem('message')));
    this.#speaking = message;
    return [...stopped, ...message.open(), ...message.add(text)];
  }

  #think(text: string): ResponseEventBody[] {
    if (this.#speaking instanceof ReasoningItemEncoder) return this.#speaking.add(text);
    const stopped = this.#stopSpeaking();
    const reasoning = this.#add(new ReasoningItemEncoder(this.#newItem('reasoning')));
    this.#speaking = reasoning;
    return [...stopped, ...reasoning.open(), ...reasoning.add(text)];
  }

  #stopSpeaking(): ResponseEventBody[] {
    const events = this.#speaking?.close('completed') ?? [];
    this.#speaking = undefined;
    return events;
  }

  #forgetText(): void {
    const isText = (item: ItemEncoder) => item instanceof MessageItemEncoder;
    if (this.#options.buffered !== true && this.#frame.items.some(isText)) throw answerAlreadySent();
    this.#frame.remove(isText);
    if (this.#speaking instanceof MessageItemEncoder) this.#speaking = undefined;
  }

  #newCall(callId: string, flatName: string): ClientCallEncoder {
    const { customToolNames, toolNamespaces } = this.#options;
    const namespaced = toolNamespaces.get(flatName);
    const tool: CalledTool = {
      callId,
      name: namespaced?.name ?? flatName,
      namespace: namespaced?.namespace,
    };
    return this.#add(
      customToolNames.has(flatName)
        ? new CustomCallEncoder(this.#newItem('custom_tool_call'), tool)
        : new FunctionCallEncoder(this.#newItem('function_call'), tool),
    );
  }

  #beginTool(event: ToolStarted): ResponseEventBody[] {
    if (!this.#options.showAgentWork) return [];
    const tool = this.#add(this.#newTool(event));
    this.#tools.set(event.callId, tool);
    return tool.open();
  }

  /** Told to every client: the call waits for it. */
  #requestApproval(call: McpCall): ResponseEventBody[] {
    const { id, outputIndex } = this.#newItem('mcp_approval_request');
    const item: McpApprovalRequestItem = {
      id,
      type: 'mcp_approval_request',
      server_label: call.server,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    };
    return this.#add(new WholeItemEncoder(item, outputIndex)).open();
  }

  #endTool(event: ToolDone): ResponseEventBody[] {
    return this.#tools.get(event.callId)?.finish(event) ?? [];
  }

  #newTool(event: ToolStarted): ToolItemEncoder {
    const { hosted, include, containerId = '' } = this.#options;
    const isOwn = event.server === undefined;
    if (isOwn && event.name === 'WebSearch') {
      const withSources = include.has('web_search_call.action.sources');
      return new WebSearchEncoder(this.#newItem('web_search_call'), event, withSources);
    }
    if (isOwn && event.name === 'Bash' && hosted.codeInterpreter) {
      const withOutputs = include.has('code_interpreter_call.outputs');
      return new CodeInterpreterEncoder(this.#newItem('code_interpreter_call'), event, {
        containerId,
        withOutputs,
      });
    }
    const origin = { serverLabel: event.server ?? agentServer, name: event.name };
    return new McpCallEncoder(this.#newItem('mcp_call'), origin, event);
  }

  #newItem(type: OutputItem['type']): NewItem {
    return { id: this.#options.newId(idPrefixes[type]), outputIndex: this.#itemCount++ };
  }

  #add<Item extends ItemEncoder>(item: Item): Item {
    this.#frame.add(item);
    return item;
  }
}

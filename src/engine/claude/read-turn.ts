import type {
  SDKAPIRetryMessage,
  SDKAssistantMessageError,
  SDKMessage,
  SDKResultMessage,
} from '@anthropic-ai/claude-agent-sdk';
import {
  type AssistantPart,
  noUsage,
  StopMatcher,
  type StopReason,
  TurnError,
  type TurnEvent,
  type TurnSource,
} from '../../turn/index.ts';
import type { UsageCounter } from './count-usage.ts';
import { errorFromResult } from './map-errors.ts';
import { BlockReader } from './read-blocks.ts';
import { ToolReader } from './read-tools.ts';

export interface TurnReaderOptions {
  readonly source: TurnSource;
  readonly isClientTool: (name: string) => boolean;
  readonly structured: boolean;
  /** Belongs to the process: see ToolReaderOptions. */
  readonly runningTools: Map<string, string>;
  readonly stop: readonly string[];
  readonly maxTokens: number | undefined;
  /** Belongs to the process, since its totals go on from turn to turn. */
  readonly usage: UsageCounter;
}

/** How a process stands after a turn. */
export type ProcessState =
  /** It waits for the next user message. */
  | 'idle'
  /** Calls of client tools are parked in it. */
  | 'parked'
  /** Its transcript is not what the client saw; it cannot go on. */
  | 'spent';

/**
 * Reads the messages of one turn of one process and tells what happens in our language. A state machine without
 * I/O: `push` until `ended` is set; the terminal event is then the last one returned.
 */
export class TurnReader {
  readonly #options: TurnReaderOptions;
  readonly #blocks: BlockReader;
  readonly #tools: ToolReader;
  readonly #stop: StopMatcher;
  #started = false;
  #acted = false;
  #refused = false;
  #upstreamStop: string | null = null;
  #assistantError: SDKAssistantMessageError | undefined;
  #lastRetry: SDKAPIRetryMessage | undefined;
  #lastEntry: string | undefined;
  #ended: ProcessState | undefined;

  constructor(options: TurnReaderOptions) {
    this.#options = options;
    this.#blocks = new BlockReader(options);
    this.#tools = new ToolReader(options);
    this.#stop = new StopMatcher(options.stop);
  }

  /** Set with the terminal event. */
  get ended(): ProcessState | undefined {
    return this.#ended;
  }

  /** The assistant message as the client sees it. */
  get visible(): readonly AssistantPart[] {
    return this.#blocks.visible;
  }

  /** The uuid of the last transcript entry of the answer. */
  get lastEntry(): string | undefined {
    return this.#lastEntry;
  }

  /** True once the model answered or a tool ran: another try would repeat the work. */
  get acted(): boolean {
    return this.#acted;
  }

  push(message: SDKMessage): TurnEvent[] {
    switch (message.type) {
      case 'stream_event':
        return message.parent_tool_use_id === null ? this.#stream(message.event) : [];
      case 'assistant':
        if (message.error !== undefined) {
          this.#assistantError = message.error;
          return [];
        }
        if (message.parent_tool_use_id === null) this.#lastEntry = message.uuid;
        return this.#act(this.#tools.assistant(message));
      case 'user':
        return this.#userMessage(message);
      case 'system':
        return this.#system(message);
      case 'result':
        return this.#result(message);
      default:
        return [];
    }
  }

  /** The process ended, or was ended, before the turn did. */
  fail(error: TurnError): TurnEvent[] {
    if (this.#ended !== undefined) return [];
    this.#ended = 'spent';
    const usage = this.#started ? this.#options.usage.endByStream() : noUsage;
    return [{ type: 'error', error, usage }];
  }

  #stream(event: Extract<SDKMessage, { type: 'stream_event' }>['event']): TurnEvent[] {
    const { usage } = this.#options;
    switch (event.type) {
      case 'message_start': {
        usage.callStarted(event.message.model, event.message.usage);
        this.#blocks.messageStarted();
        this.#upstreamStop = null;
        if (this.#started) return [];
        this.#started = true;
        return [{ type: 'started', model: event.message.model, source: this.#options.source }];
      }
      case 'message_delta':
        usage.callProgressed(event.usage);
        this.#upstreamStop = event.delta.stop_reason;
        return [];
      case 'message_stop':
        return this.#messageStopped();
      default:
        return this.#cut(this.#act(this.#blocks.push(event)));
    }
  }

  /** Lets text through up to a stop sequence, which ends the turn. */
  #cut(events: readonly TurnEvent[]): TurnEvent[] {
    return events.flatMap((event): TurnEvent[] => {
      if (event.type !== 'text.delta') return [...this.#flush(), event];
      if (this.#stop.stopped) return [];
      const text = this.#stop.push(event.text);
      const passed: TurnEvent[] = text === '' ? [] : [{ type: 'text.delta', text }];
      return this.#stop.stopped ? [...passed, ...this.#endByStream('stop-sequence', 'spent')] : passed;
    });
  }

  #flush(): TurnEvent[] {
    const text = this.#stop.flush();
    return text === '' ? [] : [{ type: 'text.delta', text }];
  }

  #messageStopped(): TurnEvent[] {
    const { maxTokens, usage } = this.#options;
    const cutOff =
      this.#upstreamStop === 'max_tokens' || this.#upstreamStop === 'model_context_window_exceeded';
    // The engine would go on by itself; the client's limit says otherwise.
    if (cutOff) return [...this.#flush(), ...this.#endByStream('length', 'spent')];
    if (this.#upstreamStop === 'refusal') this.#refused = true;
    if (this.#blocks.callsInMessage > 0)
      return [...this.#flush(), ...this.#endByStream('client-calls', 'parked')];
    const goesOn = this.#upstreamStop === 'tool_use' && !this.#options.structured;
    if (goesOn && maxTokens !== undefined && usage.outputTokens() >= maxTokens)
      return [...this.#flush(), ...this.#endByStream('length', 'spent')];
    return this.#flush();
  }

  #userMessage(message: Extract<SDKMessage, { type: 'user' }>): TurnEvent[] {
    const read = this.#tools.user(message);
    if (!read.structuredOutputRejected) return this.#act(read.events);
    this.#blocks.reset();
    return [{ type: 'text.reset' }];
  }

  #system(message: Extract<SDKMessage, { type: 'system' }>): TurnEvent[] {
    switch (message.subtype) {
      case 'api_retry': {
        this.#lastRetry = message;
        const status = message.error_status === null ? message.error : `status ${message.error_status}`;
        return [
          {
            type: 'notice',
            code: 'upstream_retry',
            message: `Upstream failed (${status}); try ${message.attempt} of ${message.max_retries} follows in ${Math.round(message.retry_delay_ms)} ms.`,
          },
        ];
      }
      case 'compact_boundary':
        return [
          {
            type: 'notice',
            code: 'context_compacted',
            message: 'The conversation was summarised to fit the context.',
          },
        ];
      case 'permission_denied':
        return [{ type: 'notice', code: 'tool_denied', message: `${message.tool_name}: ${message.message}` }];
      default:
        return [];
    }
  }

  #result(result: SDKResultMessage): TurnEvent[] {
    const flushed = this.#flush();
    const usage = this.#options.usage.endByResult(result);
    const succeeded = result.subtype === 'success' && !result.is_error;
    // The engine may give up on the schema without an error: then there is no structured output.
    if (succeeded && this.#options.structured && result.structured_output === undefined) {
      this.#ended = 'spent';
      const error = new TurnError('schema_mismatch', 'The model did not answer in the requested format.', {
        agentActed: true,
      });
      return [{ type: 'error', error, usage }];
    }
    if (succeeded) {
      this.#ended = 'idle';
      return [...flushed, { type: 'done', stopReason: this.#refused ? 'refusal' : 'end', usage }];
    }
    this.#ended = 'spent';
    const error = errorFromResult(result, {
      assistantError: this.#assistantError,
      lastRetry: this.#lastRetry,
      agentActed: this.#acted,
    });
    return [{ type: 'error', error, usage }];
  }

  #endByStream(stopReason: StopReason, state: ProcessState): TurnEvent[] {
    this.#ended = state;
    return [{ type: 'done', stopReason, usage: this.#options.usage.endByStream() }];
  }

  #act(events: TurnEvent[]): TurnEvent[] {
    if (events.length > 0) this.#acted = true;
    return events;
  }
}

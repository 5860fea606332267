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
import type { RemoteTools } from './remote-tools.ts';

export interface TurnReaderOptions {
  readonly source: TurnSource;
  readonly isClientTool: (name: string) => boolean;
  readonly remote: Pick<RemoteTools, 'find' | 'needsApproval'>;
  readonly structured: boolean;
  /** Belongs to the process: see ToolReaderOptions. */
  readonly runningTools: Map<string, string>;
  readonly stop: readonly string[];
  readonly maxTokens: number | undefined;
  /** Belongs to the process, since its totals go on from turn to turn. */
  readonly usage: UsageCounter;
}

/** Upstream's reasons for an answer that is over, though not finished. */
const cutOff: ReadonlySet<string> = new Set(['max_tokens', 'model_context_window_exceeded', 'refusal']);

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
  /** Between `message_start` and `message_stop`. */
  #inMessage = false;
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

  /** Calls of client tools that nobody will answer; to be refused. */
  takeStrayCalls(): readonly string[] {
    return this.#tools.takeStrayCalls();
  }

  /** The uuid of the last transcript entry of the answer. */
  get lastEntry(): string | undefined {
    return this.#lastEntry;
  }

  /** True once a built-in tool ran: another try would repeat its work. */
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
        return this.#toolEvents(this.#tools.assistant(message));
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
        const broken = this.#inMessage ? this.#messageBroken() : [];
        if (this.#ended !== undefined) return broken;
        this.#inMessage = true;
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
        // Not a moment later: after these the engine asks upstream again by itself.
        return cutOff.has(this.#upstreamStop ?? '') ? this.#messageStopped() : [];
      case 'message_stop':
        return this.#messageStopped();
      default:
        return this.#cut(this.#blocks.push(event));
    }
  }

  /** Lets text through up to a stop sequence, which ends the turn. */
  #cut(events: readonly TurnEvent[]): TurnEvent[] {
    return events.flatMap((event): TurnEvent[] => {
      if (this.#ended !== undefined) return [];
      if (event.type !== 'text.delta') return this.#flushBefore(() => [event]);
      return this.#pass(this.#stop.push(event.text));
    });
  }

  /** Lets go of text that was held back; what follows comes only if that does not end the turn. */
  #flushBefore(next: () => TurnEvent[]): TurnEvent[] {
    const flushed = this.#pass(this.#stop.flush());
    return this.#ended === undefined ? [...flushed, ...next()] : flushed;
  }

  #pass(text: string): TurnEvent[] {
    const passed: TurnEvent[] = text === '' ? [] : [{ type: 'text.delta', text }];
    return this.#stop.stopped ? [...passed, ...this.#endByStream('stop-sequence', 'spent')] : passed;
  }

  #messageStopped(): TurnEvent[] {
    this.#inMessage = false;
    // When the connection breaks, the engine closes the message by itself and tries again.
    if (this.#upstreamStop === null) return this.#messageBroken();
    return this.#flushBefore(() => this.#stopReasonEnds());
  }

  /** The engine would go on after some of these by itself; for the client the turn is over. */
  #stopReasonEnds(): TurnEvent[] {
    const { maxTokens, usage } = this.#options;
    switch (this.#upstreamStop) {
      case 'max_tokens':
      case 'model_context_window_exceeded':
        return this.#endByStream('length', 'spent');
      case 'refusal':
        return this.#endByStream('refusal', 'spent');
    }
    // The call is held in the process, which ends with the turn; once approved, it is made anew.
    if (this.#blocks.approvalsInMessage > 0) return this.#endByStream('client-calls', 'spent');
    if (this.#blocks.callsInMessage > 0) return this.#endByStream('client-calls', 'parked');
    const goesOn = this.#upstreamStop === 'tool_use' && !this.#options.structured;
    if (goesOn && maxTokens !== undefined && usage.outputTokens() >= maxTokens)
      return this.#endByStream('length', 'spent');
    return [];
  }

  /** What the client was given of a broken message cannot be taken back, and the next try would repeat it. */
  #messageBroken(): TurnEvent[] {
    this.#inMessage = false;
    if (!this.#blocks.messageVisible) return [];
    return this.fail(
      new TurnError('upstream_failed', 'The connection to upstream broke in the middle of the answer.', {
        agentActed: this.#acted,
      }),
    );
  }

  #userMessage(message: Extract<SDKMessage, { type: 'user' }>): TurnEvent[] {
    const read = this.#tools.user(message);
    const events = this.#toolEvents(read.events);
    if (!read.structuredOutputRejected) return events;
    this.#blocks.reset();
    return [...events, { type: 'text.reset' }];
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
    return this.#flushBefore(() => this.#resultEnds(result));
  }

  #resultEnds(result: SDKResultMessage): TurnEvent[] {
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
      return [{ type: 'done', stopReason: 'end', usage }];
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

  #toolEvents(events: TurnEvent[]): TurnEvent[] {
    if (events.length === 0) return [];
    this.#acted = true;
    return this.#flushBefore(() => events);
  }
}

import type {
  SDKAPIRetryMessage,
  SDKAssistantMessageError,
  SDKMessage,
  SDKResultMessage,
} from '@anthropic-ai/claude-agent-sdk';
import {
  type AssistantPart,
  describeAskedCall,
  noUsage,
  StopMatcher,
  type StopReason,
  TurnError,
  type TurnEvent,
  type TurnSource,
} from '../../turn/index.ts';
import type { EngineTotals, UsageCounter } from './count-usage.ts';
import { judgeResult } from './judge-result.ts';
import { BlockReader } from './read-blocks.ts';
import { readNotices } from './read-notices.ts';
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

/** How a process that has not told a `result` is to be asked what the turn took. */
export type Account =
  /** It waits, and can be asked. */
  | 'ask'
  /** It is in the middle of an answer, and tells when it is stopped. */
  | 'stop'
  /** It would go on by itself if it were not ended at once. */
  | 'none';

interface Closing {
  readonly account: Account;
  readonly state: ProcessState;
  readonly end: { readonly stopReason: StopReason } | { readonly error: TurnError };
}

/**
 * Reads the messages of one turn of one process and tells what happens in our language. A state machine without I/O:
 * `push` until `closing` or `ended` is set. While the turn is closing it has one event left, its terminal one, which
 * `close` gives; else that was the last one that `push` returned.
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
  #lastResult: string | undefined;
  #closing: Closing | undefined;
  #ended: ProcessState | undefined;
  #owesUsage = false;
  #resultRead = false;
  /** The client is asked about a call of the agent's own; the engine was told to stop there. */
  #asksClient = false;

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

  /** Set where nothing but the terminal event is left to tell. */
  get closing(): Account | undefined {
    return this.#closing?.account;
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

  /** True once after each upstream call that others follow. */
  takeOwedUsage(): boolean {
    const owes = this.#owesUsage;
    this.#owesUsage = false;
    return owes;
  }

  /** What the turn took so far; `totals` where the engine told them. */
  tellUsage(totals: EngineTotals | undefined): TurnEvent[] {
    if (this.#isOver) return [];
    if (totals !== undefined) this.#options.usage.observe(totals);
    return [{ type: 'usage', usage: this.#options.usage.soFar() }];
  }

  /** The terminal event of a turn that is closing; `totals` where the process told them. */
  close(totals: EngineTotals | undefined): TurnEvent[] {
    if (this.#closing === undefined || this.#ended !== undefined) return [];
    const { usage } = this.#options;
    const { state, end } = this.#closing;
    this.#ended = state;
    if (totals !== undefined) usage.observe(totals);
    const took = this.#started ? usage.endByStream() : noUsage;
    return 'error' in end
      ? [{ type: 'error', error: end.error, usage: took }]
      : [{ type: 'done', stopReason: end.stopReason, usage: took }];
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
        // All that is heard of a subagent's upstream call.
        else this.#owesUsage = true;
        return this.#toolEvents(this.#tools.assistant(message));
      case 'user':
        return this.#userMessage(message);
      case 'system':
        if (message.subtype === 'api_retry') this.#lastRetry = message;
        return readNotices(message);
      case 'result':
        return this.#result(message);
      default:
        return [];
    }
  }

  /** What the process's permission desk tells. */
  tell(events: readonly TurnEvent[]): TurnEvent[] {
    if (this.#isOver) return [];
    for (const event of events) {
      if (event.type !== 'approval.requested') continue;
      this.#asksClient = true;
      this.#tools.waits(event.callId);
      this.#blocks.addText(describeAskedCall(event));
    }
    return events.length === 0 ? [] : this.#flushBefore(() => [...events]);
  }

  /** False while upstream's answer is being read. */
  get betweenMessages(): boolean {
    return !this.#inMessage;
  }

  /** The turn is given up. `account`: `stop` where its process still runs. */
  fail(error: TurnError, account: 'stop' | 'none' = 'none'): void {
    // What never began to answer has nothing to tell.
    this.#endsWith({ account: this.#started ? account : 'none', state: 'spent', end: { error } });
  }

  get #isOver(): boolean {
    return this.#closing !== undefined || this.#ended !== undefined;
  }

  #endsWith(closing: Closing): void {
    if (!this.#isOver) this.#closing = closing;
  }

  #stream(event: Extract<SDKMessage, { type: 'stream_event' }>['event']): TurnEvent[] {
    const { usage } = this.#options;
    switch (event.type) {
      case 'message_start': {
        if (this.#inMessage) this.#messageBroken();
        if (this.#isOver) return [];
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
      if (this.#isOver) return [];
      if (event.type !== 'text.delta') return this.#flushBefore(() => [event]);
      return this.#pass(this.#stop.push(event.text));
    });
  }

  /** Lets go of text that was held back; what follows comes only if that does not end the turn. */
  #flushBefore(next: () => TurnEvent[]): TurnEvent[] {
    const flushed = this.#pass(this.#stop.flush());
    return this.#isOver ? flushed : [...flushed, ...next()];
  }

  #pass(text: string): TurnEvent[] {
    const passed: TurnEvent[] = text === '' ? [] : [{ type: 'text.delta', text }];
    if (this.#stop.stopped)
      this.#endsWith({
        account: this.#resultRead || cutOff.has(this.#upstreamStop ?? '') ? 'none' : 'stop',
        state: 'spent',
        end: { stopReason: 'stop-sequence' },
      });
    return passed;
  }

  #messageStopped(): TurnEvent[] {
    // When the connection breaks, the engine closes the message by itself and tries again.
    if (this.#upstreamStop === null) {
      this.#messageBroken();
      return [];
    }
    this.#inMessage = false;
    return this.#flushBefore(() => {
      this.#readStopReason();
      return [];
    });
  }

  /** The engine would go on after some of these by itself; for the client the turn is over. */
  #readStopReason(): void {
    const { maxTokens, usage, structured } = this.#options;
    const cut = { account: 'none', state: 'spent', end: { stopReason: 'length' } } as const;
    switch (this.#upstreamStop) {
      case 'max_tokens':
      case 'model_context_window_exceeded':
        this.#endsWith(cut);
        return;
      case 'refusal':
        this.#endsWith({ ...cut, end: { stopReason: 'refusal' } });
        return;
    }
    const calls = { account: 'ask', end: { stopReason: 'client-calls' } } as const;
    // The call is held in the process, which ends with the turn; once approved, it is made anew.
    if (this.#blocks.approvalsInMessage > 0) this.#endsWith({ ...calls, state: 'spent' });
    if (this.#blocks.callsInMessage > 0) this.#endsWith({ ...calls, state: 'parked' });
    // A structured answer is a call, too, and the last one if it fits.
    const goesOn = this.#upstreamStop === 'tool_use' && !this.#blocks.structuredInMessage;
    if (goesOn && !structured && maxTokens !== undefined && usage.outputTokens() >= maxTokens)
      this.#endsWith(cut);
    if (goesOn) this.#owesUsage = true;
  }

  /** What the client was given of a broken message cannot be taken back, and the next try would repeat it. */
  #messageBroken(): void {
    this.#inMessage = false;
    if (!this.#blocks.messageVisible) return;
    this.fail(
      new TurnError('upstream_failed', 'The connection to upstream broke in the middle of the answer.', {
        agentActed: this.#acted,
      }),
    );
  }

  #userMessage(message: Extract<SDKMessage, { type: 'user' }>): TurnEvent[] {
    const read = this.#tools.user(message);
    if (message.parent_tool_use_id === null) this.#lastResult = message.uuid;
    const events = this.#toolEvents(read.events);
    if (!read.structuredOutputRejected) return events;
    this.#blocks.reset();
    return [...events, { type: 'text.reset' }];
  }

  #result(result: SDKResultMessage): TurnEvent[] {
    this.#resultRead = true;
    this.#options.usage.observe(result.modelUsage);
    return this.#flushBefore(() => this.#resultEnds(result));
  }

  #resultEnds(result: SDKResultMessage): TurnEvent[] {
    const usage = this.#options.usage.endByResult(result);
    if (this.#asksClient) {
      this.#ended = 'idle';
      // The end of the calls belongs to the conversation.
      this.#lastEntry = this.#lastResult ?? this.#lastEntry;
      return [{ type: 'done', stopReason: 'client-calls', usage }];
    }
    const verdict = judgeResult(result, {
      structured: this.#options.structured,
      upstreamStop: this.#upstreamStop,
      assistantError: this.#assistantError,
      lastRetry: this.#lastRetry,
      agentActed: this.#acted,
    });
    this.#ended = verdict.outcome === 'failed' ? 'spent' : 'idle';
    switch (verdict.outcome) {
      case 'answered':
        return [{ type: 'done', stopReason: 'end', usage }];
      case 'max-turns':
        // The results of the last calls belong to the conversation.
        this.#lastEntry = this.#lastResult ?? this.#lastEntry;
        return [
          { type: 'notice', code: 'max_turns_reached', message: verdict.message },
          { type: 'done', stopReason: 'length', usage },
        ];
      case 'failed':
        return [{ type: 'error', error: verdict.error, usage }];
    }
  }

  #toolEvents(events: TurnEvent[]): TurnEvent[] {
    if (events.length === 0) return [];
    this.#acted = true;
    return this.#flushBefore(() => events);
  }
}

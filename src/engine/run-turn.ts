import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import { extendFingerprint, type Fingerprint, noUsage, type Turn, type TurnEvent } from '../turn/index.ts';
import { asTurnError, unlessAborted } from './abort-turn.ts';
import { outlivesTurn } from './claude/launch.ts';
import type { LiveProcess } from './claude/live-process.ts';
import { TurnReader } from './claude/read-turn.ts';
import type { ConversationSplit } from './claude/split-conversation.ts';
import { ProcessFollower } from './follow-process.ts';
import { type PlacedTurn, type TurnPlacer, turnPoint } from './place-turn.ts';
import type { ProcessPool } from './pool/process-pool.ts';
import type { TranscriptStore } from './ports.ts';
import type { ChangeTracker } from './workspace/changes/change-tracker.ts';
import type { RunChanges } from './workspace/changes/run-changes.ts';
import type { Workspaces } from './workspace/workspaces.ts';

export interface TurnRunnerOptions {
  readonly pool: ProcessPool;
  readonly placer: TurnPlacer;
  readonly transcripts: TranscriptStore;
  readonly workspaces: Workspaces;
  readonly tracker: ChangeTracker;
  /** Told of what goes wrong beside a turn. */
  readonly report: (message: string, error: unknown) => void;
  /** Told of each message of the engine: its kind, never its content. */
  readonly trace: (details: object) => void;
}

/** How long a transcript entry may trail the answer before its point is given up. */
const recordingPatience = 10_000;

/** Runs turns: gets each a process that holds its conversation, reads it, and keeps the process for the next turn. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  /** Points that are still being saved. */
  readonly #saving = new Set<Promise<void>>();

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /** As Engine.runTurn; the signal's reason may be a TurnError, which is then the turn's error. */
  async *run(turn: Turn, signal: AbortSignal): AsyncGenerator<TurnEvent, void> {
    const { pool } = this.#options;
    let leave: (() => void) | undefined;
    let placed: PlacedTurn | undefined;
    try {
      leave = await pool.admit(turn.owner, signal);
      placed = await this.#place(turn, signal);
      yield* this.#read(turn, placed, signal);
    } catch (error) {
      if (placed !== undefined) pool.end(placed.process);
      yield { type: 'error', error: asTurnError(error, signal), usage: noUsage };
    } finally {
      leave?.();
      pool.refill();
    }
  }

  /** Resolves when every finished turn's point is saved. */
  async settled(): Promise<void> {
    await Promise.all(this.#saving);
  }

  async #place(turn: Turn, signal: AbortSignal): Promise<PlacedTurn> {
    const { pool, placer } = this.#options;
    const placing = placer.place(turn);
    try {
      return await unlessAborted(placing, signal);
    } catch (error) {
      // Whatever process it still gets is not wanted any more.
      placing.then(
        ({ process }) => pool.end(process),
        () => {},
      );
      throw error;
    }
  }

  async *#read(turn: Turn, placed: PlacedTurn, signal: AbortSignal): AsyncGenerator<TurnEvent, void> {
    const { process } = placed;
    const changes = this.#track(turn, placed);
    process.changes = changes;
    const reader = new TurnReader({
      source: placed.source,
      isClientTool: (name) => process.tools.has(name),
      remote: process.remote,
      structured: turn.output.schema !== undefined,
      runningTools: process.runningTools,
      stop: turn.output.stop,
      maxTokens: turn.output.maxTokens,
      usage: process.usage,
    });
    const follower = new ProcessFollower(process);
    let settled = false;
    try {
      while (reader.ended === undefined) {
        const events = await this.#step(turn, process, reader, follower, signal);
        const { closing } = reader;
        if (closing !== undefined) {
          const totals = follower.lastTotals(closing);
          // A process that would go on by itself is not left to it while the client takes its time.
          if (closing !== 'none') yield* events.splice(0);
          events.push(...reader.close(await totals));
        }
        for (const event of events) changes?.observe(event);
        if (reader.ended !== undefined) {
          const files = await changes?.finish();
          if (files !== undefined) events.splice(-1, 0, files);
          // Before the client learns of the end: its next request may come at once.
          await this.#settle(turn, placed, reader);
          settled = true;
        }
        yield* events;
      }
    } finally {
      process.changes = undefined;
      if (!settled) this.#options.pool.end(process, { atOnce: true });
      await changes?.[Symbol.asyncDispose]();
    }
  }

  /** Only an agent with tools changes anything. */
  #track({ owner, profile }: Turn, { launch }: PlacedTurn): RunChanges | undefined {
    const { workspaces, tracker } = this.#options;
    const place = workspaces.placeFor(owner, profile);
    if (place === undefined || profile.builtInTools === 'none') return undefined;
    return tracker.start({
      id: place.workspaceId,
      root: launch.cwd,
      hidden: workspaces.hiddenIn(place),
    });
  }

  async #step(
    turn: Turn,
    process: LiveProcess,
    reader: TurnReader,
    follower: ProcessFollower,
    signal: AbortSignal,
  ): Promise<TurnEvent[]> {
    try {
      if (follower.canAsk && reader.takeOwedUsage()) follower.ask();
      const heard = await unlessAborted(follower.next(), signal);
      if (heard.kind === 'totals') return reader.tellUsage(heard.totals);
      const { message } = heard;
      if (message === undefined) throw new Error('Claude Code ended unexpectedly.');
      const events = reader.push(message);
      this.#options.trace({ turn: turn.id, ...kindOf(message), told: events.map((event) => event.type) });
      process.tools.refuse(reader.takeStrayCalls());
      return events;
    } catch (error) {
      const said = process.stderrTail();
      const told =
        signal.aborted || said === '' ? error : new Error(`Claude Code failed: ${said}`, { cause: error });
      reader.fail(asTurnError(told, signal, reader.acted), signal.aborted ? 'stop' : 'none');
      return [];
    }
  }

  async #settle(
    turn: Turn,
    { process, standing, split, launch }: PlacedTurn,
    reader: TurnReader,
  ): Promise<void> {
    const { pool } = this.#options;
    if (reader.ended === 'spent' || reader.ended === undefined) {
      pool.end(process, { atOnce: true });
      return;
    }
    const answer = { role: 'assistant', parts: reader.visible } as const;
    const conversation = extendFingerprint(conversationAsked(split), answer);
    process.parkedCalls = answer.parts.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
    const keeps = outlivesTurn(launch, { parked: reader.ended === 'parked' });
    if (keeps) pool.keep(process, { ...standing, conversation, turnId: turn.id });
    // A structured answer stands in the transcript as a tool call, not as the text that the client saw.
    const saving =
      turn.output.schema === undefined && reader.lastEntry !== undefined
        ? this.#savePoint(turn, conversation, process, reader.lastEntry)
        : undefined;
    if (keeps) return;
    // The next turn has nothing else to go on from.
    await saving;
    pool.end(process);
  }

  #savePoint(
    { owner, id }: Turn,
    conversation: Fingerprint,
    { recorder }: LiveProcess,
    entryUuid: string,
  ): Promise<void> {
    const { transcripts, report } = this.#options;
    const save = async (): Promise<void> => {
      if (!(await recorder.recorded(entryUuid, recordingPatience)))
        throw new Error('the transcript of the answer did not arrive');
      const point = { sessionId: recorder.sessionId, entryUuid };
      await transcripts.savePoint(owner, turnPoint(id), point);
      await transcripts.savePoint(owner, conversation, point);
    };
    const saving = save().catch((error: unknown) =>
      report('A conversation cannot be resumed with its full context', error),
    );
    this.#saving.add(saving);
    void saving.finally(() => this.#saving.delete(saving));
    return saving;
  }
}

function kindOf(message: SDKMessage): object {
  const { type } = message;
  switch (type) {
    case 'stream_event':
      return { type, event: message.event.type };
    case 'result': {
      const denied = message.permission_denials.map(({ tool_name }) => tool_name);
      return { type, subtype: message.subtype, ...(denied.length === 0 ? {} : { denied }) };
    }
    case 'system':
      return message.subtype === 'permission_denied'
        ? { type, subtype: message.subtype, tool: message.tool_name, reason: message.decision_reason_type }
        : { type, subtype: message.subtype };
    default:
      return 'subtype' in message ? { type, subtype: message.subtype } : { type };
  }
}

function conversationAsked({ asked, conversation }: ConversationSplit): string | undefined {
  return asked.reduce<string | undefined>(
    (before, message) => extendFingerprint(before, message),
    conversation,
  );
}

import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import { extendFingerprint, type Fingerprint, noUsage, type Turn, type TurnEvent } from '../turn/index.ts';
import { asTurnError, unlessAborted } from './abort-turn.ts';
import { outlivesTurn } from './claude/launch.ts';
import type { LiveProcess } from './claude/live-process.ts';
import { errorFromExit } from './claude/map-errors.ts';
import type { AskTreatment } from './claude/permission-desk.ts';
import { TurnReader } from './claude/read-turn.ts';
import { ProcessFollower } from './follow-process.ts';
import { type PlacedTurn, type TurnPlacer, turnPoint } from './place-turn.ts';
import type { ProcessPool } from './pool/process-pool.ts';
import type { TranscriptStore } from './ports.ts';
import type { ChangeTracker } from './workspace/changes/change-tracker.ts';
import type { RunChanges } from './workspace/changes/run-changes.ts';
import type { Checkpoints } from './workspace/checkpoints/checkpoints.ts';
import { type VisitOptions, visitWorkspace, type WorkspaceVisit } from './workspace/visit-workspace.ts';

export interface TurnRunnerOptions extends VisitOptions {
  readonly pool: ProcessPool;
  readonly placer: TurnPlacer;
  readonly transcripts: TranscriptStore;
  readonly tracker: ChangeTracker;
  readonly checkpoints: Checkpoints;
  /** What becomes of the turn's calls that need somebody's leave. */
  readonly treatAsks: (turn: Turn) => AskTreatment;
  /** Told of each message of the engine: its kind, never its content. */
  readonly trace: (details: object) => void;
}

/** How long a transcript entry may trail the answer before its point is given up. */
const recordingPatience = 10_000;

/** Runs turns: gets each a process that holds its conversation, reads it, and keeps the process for the next turn. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  /** What is still to be done for finished turns: points to be saved, commits. */
  readonly #finishing = new Set<Promise<void>>();

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /** As Engine.runTurn; the signal's reason may be a TurnError, which is then the turn's error. */
  async *run(turn: Turn, signal: AbortSignal): AsyncGenerator<TurnEvent, void> {
    const { pool } = this.#options;
    let leave: (() => void) | undefined;
    let visit: WorkspaceVisit | undefined;
    let placed: PlacedTurn | undefined;
    try {
      visit = await this.#visit(turn, signal);
      leave = await pool.admit(turn.owner, signal);
      placed = await this.#place(turn, visit, signal);
      yield* this.#read(turn, placed, visit, signal);
    } catch (error) {
      if (placed !== undefined) pool.end(placed.process);
      yield { type: 'error', error: asTurnError(error, signal), usage: noUsage };
    } finally {
      leave?.();
      pool.refill();
      if (visit !== undefined) this.#finishLater(visit.leave());
    }
  }

  /** Resolves when nothing is left to be done for any finished turn. */
  async settled(): Promise<void> {
    await Promise.all(this.#finishing);
  }

  async #visit(turn: Turn, signal: AbortSignal): Promise<WorkspaceVisit> {
    const visiting = visitWorkspace(turn, this.#options);
    try {
      return await unlessAborted(visiting, signal);
    } catch (error) {
      visiting.then(
        (visit) => visit.leave(),
        () => {},
      );
      throw error;
    }
  }

  async #place(turn: Turn, { cwd }: WorkspaceVisit, signal: AbortSignal): Promise<PlacedTurn> {
    const { pool, placer } = this.#options;
    const placing = placer.place(turn, cwd);
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

  async *#read(
    turn: Turn,
    placed: PlacedTurn,
    visit: WorkspaceVisit,
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, void> {
    const { process } = placed;
    const changes = this.#track(turn, visit);
    // As long as nobody knows better.
    visit.changed = changes !== undefined;
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
    const { permissions } = process;
    permissions.begin(this.#options.treatAsks(turn));
    let settled = false;
    try {
      while (reader.ended === undefined) {
        const events = await this.#step(turn, process, reader, follower, signal);
        const { closing } = reader;
        if (closing !== undefined) {
          events.push(...permissions.end());
          const totals = follower.lastTotals(closing);
          // A process that would go on by itself is not left to it while the client takes its time.
          if (closing !== 'none') {
            for (const event of events) changes?.observe(event);
            yield* events.splice(0);
          }
          events.push(...reader.close(await totals));
        }
        for (const event of events) changes?.observe(event);
        if (reader.ended !== undefined) {
          const files = await changes?.finish();
          if (files !== undefined) events.splice(-1, 0, files);
          visit.changed = files !== undefined;
          // Before the client learns of the end: its next request may come at once.
          const conversation = conversationAfter(placed, reader);
          await visit.remember(conversation);
          await this.#settle(turn, placed, reader, conversation);
          settled = true;
        }
        yield* events;
      }
    } finally {
      permissions.end();
      process.changes = undefined;
      if (!settled) this.#options.pool.end(process, { atOnce: true });
      await changes?.[Symbol.asyncDispose]();
    }
  }

  /** Only an agent with tools changes anything. */
  #track({ id, recordId }: Turn, { workspace }: WorkspaceVisit): RunChanges | undefined {
    const { tracker, checkpoints } = this.#options;
    if (workspace === undefined) return undefined;
    const { id: workspaceId, root, hidden } = workspace;
    const checkpoint = checkpoints.begin({ recordId: recordId ?? id, turnId: id, workspaceId, root, hidden });
    return tracker.start(workspace, checkpoint);
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
      // Before the end of the message, the engine would take its calls back together with the interruption.
      if (reader.betweenMessages) process.permissions.askClient();
      const heard = await unlessAborted(follower.next(), signal);
      if (heard.kind === 'totals') return reader.tellUsage(heard.totals);
      if (heard.kind === 'permissions') return reader.tell(process.permissions.take());
      const { message } = heard;
      if (message === undefined) throw new Error('Claude Code ended unexpectedly.');
      const events = reader.push(message);
      this.#options.trace({ turn: turn.id, ...kindOf(message), told: events.map((event) => event.type) });
      process.tools.refuse(reader.takeStrayCalls());
      return events;
    } catch (error) {
      const said = process.stderrTail();
      const told = signal.aborted || said === '' ? error : errorFromExit(said, error);
      reader.fail(asTurnError(told, signal, reader.acted), signal.aborted ? 'stop' : 'none');
      return [];
    }
  }

  async #settle(
    turn: Turn,
    { process, standing, launch }: PlacedTurn,
    reader: TurnReader,
    conversation: Fingerprint,
  ): Promise<void> {
    const { pool } = this.#options;
    if (reader.ended === 'spent' || reader.ended === undefined) {
      pool.end(process, { atOnce: true });
      return;
    }
    process.parkedCalls = reader.visible.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
    if (turn.aside) {
      pool.end(process);
      return;
    }
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
    this.#finishLater(saving);
    return saving;
  }

  /** The work does not fail. */
  #finishLater(work: Promise<void>): void {
    this.#finishing.add(work);
    void work.finally(() => this.#finishing.delete(work));
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

/** The conversation with the answer that the turn has given. */
function conversationAfter({ split }: PlacedTurn, { visible }: TurnReader): Fingerprint {
  const asked = split.asked.reduce<Fingerprint | undefined>(
    (before, message) => extendFingerprint(before, message),
    split.conversation,
  );
  return extendFingerprint(asked, { role: 'assistant', parts: visible });
}

import { type Fingerprint, type Turn, TurnError, type TurnSource } from '../turn/index.ts';
import type { ProcessEnvironment } from './claude/build-options.ts';
import { asTextResults } from './claude/client-tools.ts';
import {
  type Launch,
  type LaunchDefaults,
  launchFor,
  launchKey,
  type SessionSetup,
  sessionFor,
  sessionKey,
} from './claude/launch.ts';
import { LiveProcess } from './claude/live-process.ts';
import { toUserInput } from './claude/map-messages.ts';
import { type ConversationPlan, planConversation } from './claude/plan-conversation.ts';
import { type RecordedTranscripts, TranscriptRecorder } from './claude/record-transcript.ts';
import { refuseServerClash } from './claude/refuse-server-clash.ts';
import { refuseToolClash } from './claude/refuse-tool-clash.ts';
import { refusalAsRoot } from './claude/root-permissions.ts';
import { type ConversationSplit, resultsFor, splitConversation } from './claude/split-conversation.ts';
import type { ProcessPool, Standing } from './pool/process-pool.ts';
import type { TranscriptEntry, TranscriptStore } from './ports.ts';
import type { SkillPlugins } from './workspace/skill-plugins.ts';

export interface TurnPlacerOptions {
  readonly pool: ProcessPool;
  readonly transcripts: TranscriptStore;
  readonly environment: ProcessEnvironment;
  readonly instance: string;
  readonly skillPlugins: SkillPlugins;
  /** What holds now where a profile says nothing. */
  readonly defaults: () => Pick<LaunchDefaults, 'permissionMode' | 'smallModel'>;
  /** The full id behind a model's alias. */
  readonly resolveModel: (model: string) => string;
  /** Whether a process takes messages of the past over its input; settled by the self-test at start. */
  readonly canInject: () => boolean;
  /** Why a process may not be started so; undefined if it may. */
  readonly refusal: (launch: Launch) => string | undefined;
}

/** A turn whose process holds its conversation and has been asked. */
export interface PlacedTurn {
  readonly process: LiveProcess;
  readonly source: TurnSource;
  readonly split: ConversationSplit;
  readonly launch: Launch;
  /** What the process stands for, but for the conversation. */
  readonly standing: Place;
}

type Place = Omit<Standing, 'conversation' | 'turnId'>;

/**
 * Finds the quickest process that holds exactly the client's conversation: a live one that stands just there; else a
 * fresh one that goes on from the stored transcript, which knows all that the agent did; else one that is given the
 * client's messages as they are.
 */
export class TurnPlacer {
  readonly #options: TurnPlacerOptions;

  constructor(options: TurnPlacerOptions) {
    this.#options = options;
  }

  /** `cwd`: where the turn's agent works; absolute, symbolic links resolved. */
  async place(turn: Turn, cwd: string): Promise<PlacedTurn> {
    refuseToolClash(turn);
    refuseServerClash(turn);
    const launch = await this.#launchFor(turn, cwd);
    const session = sessionFor(turn);
    const split = splitConversation(turn.messages);
    const standing = {
      owner: turn.owner,
      launchKey: launchKey(launch),
      sessionKey: sessionKey(session),
    };
    const live = turn.aside ? undefined : await this.#takeLive(split, standing, turn.after);
    if (live !== undefined) {
      prepare(live, turn);
      return { process: live, source: 'live', split, launch, standing };
    }
    const { process, source } = await this.#startFresh(turn, launch, session, split);
    return { process, source, split, launch, standing };
  }

  async #launchFor(turn: Turn, cwd: string): Promise<Launch> {
    const { skillPlugins, environment, defaults, resolveModel, refusal: refuse } = this.#options;
    const { skills } = turn.profile;
    const launch = launchFor(
      { ...turn, model: resolveModel(turn.model) },
      { ...defaults(), cwd, skills: skills && (await skillPlugins.prepare(cwd, skills)) },
    );
    const { permissionMode } = launch;
    const refusal = refusalAsRoot({ variables: environment.variables, permissionMode }) ?? refuse(launch);
    if (refusal !== undefined) throw new TurnError('engine_failed', refusal);
    return launch;
  }

  async #takeLive(
    { conversation, asked }: ConversationSplit,
    standing: Place,
    after: string | undefined,
  ): Promise<LiveProcess | undefined> {
    const { pool } = this.#options;
    if (conversation === undefined) return undefined;
    const process = pool.takeLive({ ...standing, conversation, after });
    if (process === undefined) return undefined;
    if (process.parkedCalls.length > 0) {
      const results = resultsFor(process.parkedCalls, asked);
      const texts = results && asTextResults(results);
      if (texts !== undefined) {
        process.tools.resolve(texts);
        return process;
      }
    } else {
      const messages = asked.map((message, index) =>
        toUserInput(message, { query: index === asked.length - 1 }),
      );
      const taken = await ask(process, messages.slice(0, -1), messages.at(-1)).then(
        () => true,
        () => false,
      );
      if (taken) return process;
    }
    // It cannot take this; the conversation is rebuilt in another.
    pool.end(process);
    return undefined;
  }

  async #startFresh(
    turn: Turn,
    launch: Launch,
    session: SessionSetup,
    split: ConversationSplit,
  ): Promise<{ process: LiveProcess; source: TurnSource }> {
    const { pool, transcripts, environment, instance } = this.#options;
    const { entries, knownMessages } = await this.#findStored(turn, split);
    const plan = planConversation({
      stored: entries,
      past: split.past.slice(knownMessages),
      asked: split.asked,
      model: launch.model,
      cwd: launch.cwd,
      canInject: this.#options.canInject(),
    });
    const recorder = new TranscriptRecorder(turn.aside ? noTranscripts : transcripts, {
      owner: turn.owner,
      ...(plan.parent === undefined ? {} : { parent: plan.parent }),
      inherited: plan.inherited,
      synthesised: plan.synthesised,
    });
    const process = await pool.start(
      launch,
      { resumes: recorder.resumes, aside: turn.aside ?? false },
      (spare) =>
        new LiveProcess({
          owner: turn.owner,
          launch,
          session,
          environment,
          recorder,
          spare,
          instance,
          ...(plan.query === undefined ? { variables: continueInterruptedTurn } : {}),
        }),
    );
    try {
      await process.connectServers();
      prepare(process, turn);
      await ask(process, plan.inject, plan.query);
    } catch (error) {
      pool.end(process);
      throw error;
    }
    return { process, source: sourceOf(entries, split) };
  }

  /** The transcript of the longest beginning of the conversation that the store knows. */
  async #findStored(
    { owner, after, aside }: Turn,
    { past, pastFingerprints }: ConversationSplit,
  ): Promise<{ entries: readonly TranscriptEntry[]; knownMessages: number }> {
    if (aside) return { entries: [], knownMessages: 0 };
    const { transcripts } = this.#options;
    const answered = pastFingerprints.filter((_, index) => past[index]?.role === 'assistant').reverse();
    const wanted = after === undefined ? answered : [turnPoint(after), ...answered];
    const found = wanted.length === 0 ? null : await transcripts.findPoint(owner, wanted);
    const entries = found === null ? null : await transcripts.loadEntries(owner, found);
    return found === null || entries === null
      ? { entries: [], knownMessages: 0 }
      : { entries, knownMessages: knownMessages(found.fingerprint, pastFingerprints) };
  }
}

/** What the end of a turn is called in the store, beside the fingerprint of its conversation. */
export function turnPoint(turnId: string): Fingerprint {
  return `turn:${turnId}`;
}

/** The end of the turn that the client named is the end of the past. */
function knownMessages(found: Fingerprint, past: readonly Fingerprint[]): number {
  const index = past.lastIndexOf(found);
  return index === -1 ? past.length : index + 1;
}

/** What may differ from turn to turn of one process. */
function prepare({ remote, limit }: LiveProcess, { approvedCalls = [], tools }: Turn): void {
  remote.approve(approvedCalls);
  limit.reset(tools.maxBuiltInCalls);
}

/** For a turn that nothing goes on from. */
const noTranscripts: RecordedTranscripts = {
  createSession: async () => {},
  appendEntries: async () => {},
};

/** Makes a resumed process go on with a transcript that ends with what is asked. */
const continueInterruptedTurn = { CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '1' };

async function ask(
  process: LiveProcess,
  past: ConversationPlan['inject'],
  query: ConversationPlan['query'],
): Promise<void> {
  await process.inject(past);
  if (query !== undefined) process.send(query);
}

function sourceOf(stored: readonly TranscriptEntry[], { past }: ConversationSplit): TurnSource {
  if (stored.length > 0) return 'stored';
  return past.length > 0 ? 'synthesised' : 'new';
}

import type { Engine, EngineSettings, EngineStatus } from '../../engine/index.ts';
import { noUsage, type Turn, TurnError, type TurnEvent, type Usage } from '../../turn/index.ts';

/** A step of a scripted turn: an event, or something to do or wait for before the next. */
export type Step = TurnEvent | ((run: ScriptedRun) => unknown);

interface ScriptedRun {
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** Events that the server has taken so far. */
  taken: number;
  ended: boolean;
}

export interface ScriptedEngine extends Engine {
  readonly runs: readonly ScriptedRun[];
  /** All that was configured so far. */
  readonly configured: Partial<EngineSettings>;
  setStatus(status: Partial<EngineStatus>): void;
}

/** Nobody has any files. */
const noWorkspaces: Engine['workspaces'] = {
  placeOf: async () => undefined,
  open: async () => undefined,
  write: async () => false,
  remove: async () => {},
  archive: async () => undefined,
  removeWorkspace: async () => true,
  isBusy: () => false,
  removeUnused: async () => 0,
};

const nothingToBrowse: Engine['workspaceBrowser'] = {
  ownId: (owner) => owner,
  idOf: ({ workspaceId }) => workspaceId,
  list: async () => [],
  listFiles: async () => undefined,
  open: async () => undefined,
  archive: async () => undefined,
  removeFile: async () => false,
  remove: async () => 'not_found',
};

/** An engine that plays a script for each turn, and stops when its signal says so, for its reason, as the real one does. */
export function scriptedEngine(script: (turn: Turn) => Iterable<Step>): ScriptedEngine {
  const runs: ScriptedRun[] = [];
  const configured: Partial<EngineSettings> = {};
  let status = readyStatus;
  return {
    runs,
    workspaces: noWorkspaces,
    workspaceBrowser: nothingToBrowse,
    rollBack: async () => null,
    removeOldCheckpoints: async () => 0,
    configured,
    configure(change) {
      Object.assign(configured, change);
    },
    async *runTurn(turn, { signal }) {
      const run: ScriptedRun = { turn, signal, taken: 0, ended: false };
      runs.push(run);
      try {
        for (const step of script(turn)) {
          if (typeof step === 'function') await Promise.race([step(run), aborted(signal)]);
          if (signal.aborted) {
            const { reason } = signal;
            const error = reason instanceof TurnError ? reason : new TurnError('cancelled', 'Stopped.');
            yield { type: 'error', error, usage: usage(5, 1) };
            return;
          }
          if (typeof step === 'function') continue;
          yield step;
          run.taken += 1;
        }
      } finally {
        run.ended = true;
      }
    },
    started: async () => {},
    models: () => [
      {
        id: 'sonnet',
        resolvedId: 'claude-sonnet-5',
        displayName: 'Sonnet',
        description: '',
        efforts: [],
        adaptiveThinking: false,
      },
    ],
    status: () => status,
    setStatus(change) {
      status = { ...status, ...change };
    },
    async [Symbol.asyncDispose]() {
      status = { ...status, state: 'closed' };
    },
  };
}

const readyStatus: EngineStatus = {
  state: 'ready',
  credentials: { state: 'present', source: 'ANTHROPIC_API_KEY' },
  injection: 'proven',
  sandbox: { state: 'active' },
  pool: { maxProcesses: 4, running: 0, idle: 0, spares: 2, queued: 0, queueLimit: 64 },
};

/** A whole answer in these pieces of text. */
export function says(...texts: string[]): Step[] {
  return [started, { type: 'text.started' }, ...texts.map(text), done];
}

export const started: TurnEvent = { type: 'started', model: 'claude-sonnet-5', source: 'new' };
export const text = (piece: string): TurnEvent => ({ type: 'text.delta', text: piece });
export const done: TurnEvent = { type: 'done', stopReason: 'end', usage: usage(10, 3) };
export const failure = (error: TurnError): TurnEvent => ({ type: 'error', error, usage: noUsage });

/** Waits until the turn is stopped. */
export const forever: Step = () => new Promise(() => {});

function usage(inputTokens: number, outputTokens: number): Usage {
  return { ...noUsage, inputTokens, outputTokens, costUsd: 0.001, upstreamCalls: 1 };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import type { ApiKey } from '../../contract/index.ts';
import { noUsage, type Turn, TurnError, type TurnEvent, type Usage } from '../../turn/index.ts';
import type { KeySpending } from '../ports.ts';
import { keyIdOf } from './caller.ts';
import { permitTurn } from './permit-turn.ts';
import type { RunLeases, RunPlace } from './run-leases.ts';
import type { SpendingBook } from './spending-book.ts';
import { refuseSpent } from './spending-limits.ts';
import { WaitingRuns } from './waiting-runs.ts';

/** What is governed of an engine. */
export interface TurnRunner {
  runTurn(turn: Turn, options: { readonly signal: AbortSignal }): AsyncIterable<TurnEvent>;
}

export interface EngineRules {
  /** The key of a turn that is about to run. Rejects with a TurnError where it may not. */
  readonly keyOf: (id: string) => Promise<ApiKey>;
  /** Why a key is no longer valid; null for one that is, or where that cannot be looked up. */
  readonly revocationOf: (id: string) => Promise<TurnError | null>;
  readonly leases: RunLeases;
  readonly book: SpendingBook;
  /** Told of what a run has spent just now, and what its key has spent with it. Never throws. */
  readonly onSpent: SpendingListener;
  readonly now: () => number;
}

export type SpendingListener = (
  key: ApiKey,
  spent: { readonly costUsd: number; readonly sums: KeySpending; readonly at: number },
) => void;

interface Admitted {
  readonly key: ApiKey;
  readonly turn: Turn;
  readonly place: RunPlace | null;
}

interface RunControls extends EngineRules {
  readonly waiting: WaitingRuns;
}

/**
 * An engine whose turns keep within what the keys of their owners allow, whichever path started them, and whenever:
 * a background run may begin long after it was asked for. What a turn takes is charged as it happens, before the
 * event that tells it goes on, so that the next request sees it. Whoever spends the last of a limit ends the key's turns
 * that still wait for the engine. A key that is revoked ends its turns after the upstream call that is under way.
 */
export function governEngine(engine: TurnRunner, rules: EngineRules): TurnRunner {
  const controls = { ...rules, waiting: new WaitingRuns() };
  return {
    async *runTurn(turn, { signal }) {
      const keyId = keyIdOf(turn.owner);
      if (keyId === undefined) {
        yield* engine.runTurn(turn, { signal });
        return;
      }
      const admitted = await admit(keyId, turn, rules);
      if (admitted instanceof TurnError) yield { type: 'error', error: admitted, usage: noUsage };
      else yield* runAdmitted(admitted, signal, engine, controls);
    },
  };
}

/** The name by which the client asked for the model is not known here: models are permitted where it was read. */
async function admit(
  keyId: string,
  asked: Turn,
  { keyOf, leases }: EngineRules,
): Promise<Admitted | TurnError> {
  try {
    const key = await keyOf(keyId);
    const turn = permitTurn(key, asked);
    return { key, turn, place: await leases.take(key) };
  } catch (cause) {
    if (cause instanceof TurnError) return cause;
    return new TurnError('engine_failed', 'The limits of the API key could not be looked up.', { cause });
  }
}

async function* runAdmitted(
  { key, turn, place }: Admitted,
  signal: AbortSignal,
  engine: TurnRunner,
  { book, onSpent, now, revocationOf, waiting }: RunControls,
): AsyncGenerator<TurnEvent> {
  const stop = new AbortController();
  const begin = waiting.add(key.id, stop);
  let charged = { tokens: 0, costUsd: 0 };
  const charge = async (usage: Usage): Promise<TurnError | null> => {
    const { total, more } = since(charged, usage);
    charged = total;
    if (more.tokens === 0 && more.costUsd === 0) return null;
    const sums = await book.add(key.id, more);
    if (sums !== null) onSpent(key, { costUsd: more.costUsd, sums, at: now() });
    const spent = sums && refuseSpent(key.limits, sums, now());
    if (spent !== null) waiting.stop(key.id, spent);
    return spent;
  };
  try {
    const signals = AbortSignal.any([signal, stop.signal]);
    for await (const event of engine.runTurn(turn, { signal: signals })) {
      switch (event.type) {
        case 'started':
          begin();
          break;
        case 'usage': {
          const reason = (await charge(event.usage)) ?? (await revocationOf(key.id));
          if (reason !== null) stop.abort(reason);
          break;
        }
        case 'done':
        case 'error':
          // Whoever is told the end may ask again at once.
          await Promise.all([charge(event.usage), place?.release()]);
          break;
      }
      yield event;
    }
  } finally {
    begin();
    await place?.release();
  }
}

/** An engine that does not know the cost, or forgot what it told before, costs nothing more. */
function since(charged: { readonly tokens: number; readonly costUsd: number }, usage: Usage) {
  const total = {
    tokens: Math.max(charged.tokens, usage.inputTokens + usage.outputTokens),
    costUsd: Math.max(charged.costUsd, usage.costUsd ?? 0),
  };
  const more = { tokens: total.tokens - charged.tokens, costUsd: total.costUsd - charged.costUsd };
  return { total, more };
}

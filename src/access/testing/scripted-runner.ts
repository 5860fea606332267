import { noUsage, type Turn, TurnError, type TurnEvent, type Usage } from '../../turn/index.ts';
import type { TurnRunner } from '../govern/govern-engine.ts';

/** An event, or something to wait for before the next. */
export type RunnerStep = TurnEvent | (() => Promise<unknown>);

export interface ScriptedRunner extends TurnRunner {
  /** The turns as they came. */
  readonly turns: readonly Turn[];
  running: number;
  mostRunning: number;
}

/** An engine that plays a script for each turn, and ends it by its signal as the real one does. */
export function scriptedRunner(script: (turn: Turn) => Iterable<RunnerStep>): ScriptedRunner {
  const turns: Turn[] = [];
  const runner: ScriptedRunner = {
    turns,
    running: 0,
    mostRunning: 0,
    async *runTurn(turn, { signal }) {
      turns.push(turn);
      runner.running += 1;
      runner.mostRunning = Math.max(runner.mostRunning, runner.running);
      let told: Usage = noUsage;
      try {
        for (const step of script(turn)) {
          if (typeof step === 'function') await Promise.race([step(), aborted(signal)]);
          if (signal.aborted) {
            const { reason } = signal;
            const error = reason instanceof TurnError ? reason : new TurnError('cancelled', 'Stopped.');
            yield { type: 'error', error, usage: told };
            return;
          }
          if (typeof step === 'function') continue;
          if (step.type === 'usage') told = step.usage;
          yield step;
        }
      } finally {
        runner.running -= 1;
      }
    },
  };
  return runner;
}

export function usageOf(inputTokens: number, outputTokens: number, costUsd: number | null): Usage {
  return { ...noUsage, inputTokens, outputTokens, costUsd, upstreamCalls: 1 };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

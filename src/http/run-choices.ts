import type { Engine } from '../engine/index.ts';
import { noUsage, type Turn, TurnError, type TurnEvent } from '../turn/index.ts';

/** An event of one of the `n` turns that answer a request. */
export interface ChoiceEvent {
  readonly choice: number;
  readonly event: TurnEvent;
}

/** The turns of one request, all at once. Disposing of it stops what still runs and waits for its last event. */
export interface ChoiceRun extends AsyncDisposable {
  /** In order of arrival; each turn is at most one event ahead of the reader. To be read once. */
  readonly events: AsyncIterable<ChoiceEvent>;
}

export interface RunChoicesOptions {
  readonly signal: AbortSignal;
  /** Told of every event, also of those that come after the reader has left. */
  readonly observe: (event: ChoiceEvent) => void;
}

/**
 * Runs the turn `n` times. When one fails the others are stopped. For `n` above 1 the turns are named `<id>-<choice>`.
 */
export function runChoices(
  engine: Pick<Engine, 'runTurn'>,
  turn: Turn,
  n: number,
  options: RunChoicesOptions,
): ChoiceRun {
  const turns = Array.from({ length: n }, (_, choice) => ({ ...turn, id: `${turn.id}-${choice}` }));
  return runTurns(engine, n === 1 ? [turn] : turns, options);
}

/** Runs several turns at once, each of them one choice. When one fails the others are stopped. */
export function runTurns(
  engine: Pick<Engine, 'runTurn'>,
  turns: readonly Turn[],
  { signal, observe }: RunChoicesOptions,
): ChoiceRun {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });

  const waiting: { readonly event: ChoiceEvent; readonly taken: () => void }[] = [];
  let running = turns.length;
  let readerLeft = false;
  let wake = (): void => {};

  const hand = async (event: ChoiceEvent): Promise<void> => {
    observe(event);
    if (event.event.type === 'error') stop.abort(event.event.error);
    if (readerLeft) return;
    await new Promise<void>((taken) => {
      waiting.push({ event, taken });
      wake();
    });
  };
  const pump = async (turn: Turn, choice: number): Promise<void> => {
    try {
      for await (const event of runTurn(engine, turn, stop.signal)) await hand({ choice, event });
    } finally {
      running -= 1;
      wake();
    }
  };
  const pumps = Promise.all(turns.map(pump));

  async function* read(): AsyncGenerator<ChoiceEvent> {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        next.taken();
        yield next.event;
      }
      if (running === 0) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    events: read(),
    async [Symbol.asyncDispose]() {
      readerLeft = true;
      // A turn that is done keeps its signal as it is: it may still be at work on what it leaves behind.
      if (running > 0) stop.abort(new TurnError('cancelled', 'The request has ended.'));
      for (const { taken } of waiting.splice(0)) taken();
      await pumps;
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** The engine's events, with exactly one terminal event whatever happens. */
async function* runTurn(
  engine: Pick<Engine, 'runTurn'>,
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  try {
    for await (const event of engine.runTurn(turn, { signal })) {
      yield event;
      if (event.type === 'error' || event.type === 'done') return;
    }
    yield failed('The engine ended the turn without a result.');
  } catch (cause) {
    yield failed('The engine broke.', cause);
  }
}

function failed(message: string, cause?: unknown): TurnEvent {
  return { type: 'error', error: new TurnError('engine_failed', message, { cause }), usage: noUsage };
}

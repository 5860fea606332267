import { WireError } from '../../openai/index.ts';
import type { Repetition } from './repetition.ts';
import { RunUnderWay, type RunUnderWayOptions } from './run-under-way.ts';

export interface RunsUnderWayOptions {
  /** RETRY_GRACE_SECONDS, in milliseconds: how long to wait for a client that may come back. 0: nothing is joined. */
  readonly graceMs: () => number;
  readonly limits?: Partial<KeepingLimits>;
}

interface KeepingLimits {
  /** Longest answer that can be told to another. */
  readonly answerBytes: number;
  /** Of all answers that are over and kept. */
  readonly keptBytes: number;
}

const usualLimits: KeepingLimits = { answerBytes: 8 * 1024 * 1024, keptBytes: 64 * 1024 * 1024 };

/** The runs of this server that a repeated request can join, and the answers of those that are just over. */
export class RunsUnderWay {
  readonly #graceMs: () => number;
  readonly #limits: KeepingLimits;
  readonly #byKey = new Map<string, RunUnderWay>();
  readonly #byContent = new Map<string, Set<RunUnderWay>>();
  readonly #kept = new Map<RunUnderWay, number>();
  #keptBytes = 0;
  #closed = false;

  constructor({ graceMs, limits }: RunsUnderWayOptions) {
    this.#graceMs = graceMs;
    this.#limits = { ...usualLimits, ...limits };
  }

  /** As the settings are now. */
  get graceMs(): number {
    return this.#closed ? 0 : this.#graceMs();
  }

  /** The run that a request repeats. Throws a WireError where its key stands for another request. */
  find(repetition: Repetition): RunUnderWay | undefined {
    const { key, content } = repetition;
    if (key === undefined) {
      if (!repetition.tries) return undefined;
      return [...(this.#byContent.get(content) ?? [])].find((run) => run.isRepeatedBy(repetition));
    }
    const run = this.#byKey.get(key);
    if (run === undefined) return undefined;
    if (run.repetition.content !== content) throw keyReused();
    if (!run.canBeJoined) throw answerTooLong();
    return run;
  }

  /** A run begins, with its client waiting. */
  begin(
    repetition: Repetition,
    options: Pick<RunUnderWayOptions, 'requestId' | 'answerId' | 'headers'>,
  ): RunUnderWay {
    const run: RunUnderWay = new RunUnderWay({
      ...options,
      repetition,
      limitBytes: this.#limits.answerBytes,
      onForgotten: () => this.#forget(run),
    });
    const { key, content } = repetition;
    if (key !== undefined) this.#byKey.set(key, run);
    else {
      const alike = this.#byContent.get(content) ?? new Set();
      this.#byContent.set(content, alike.add(run));
    }
    run.arrive();
    return run;
  }

  /** The run is over: its answer counts as kept, until it is forgotten. The oldest give way. */
  end(run: RunUnderWay): void {
    if (!this.#knows(run)) return;
    const { bytes } = run;
    this.#kept.set(run, bytes);
    this.#keptBytes += bytes;
    for (const [oldest, its] of this.#kept) {
      if (this.#keptBytes <= this.#limits.keptBytes) return;
      oldest.dropAnswer();
      this.#kept.delete(oldest);
      this.#keptBytes -= its;
    }
  }

  /** Nobody can come back any more: runs that nobody waits for are stopped. */
  close(): void {
    this.#closed = true;
    const runs = [...this.#byKey.values(), ...[...this.#byContent.values()].flatMap((alike) => [...alike])];
    for (const run of runs) run.giveUp();
  }

  #knows(run: RunUnderWay): boolean {
    const { key, content } = run.repetition;
    return key === undefined
      ? (this.#byContent.get(content)?.has(run) ?? false)
      : this.#byKey.get(key) === run;
  }

  #forget(run: RunUnderWay): void {
    this.#keptBytes -= this.#kept.get(run) ?? 0;
    this.#kept.delete(run);
    if (!this.#knows(run)) return;
    const { key, content } = run.repetition;
    if (key !== undefined) this.#byKey.delete(key);
    const alike = this.#byContent.get(content);
    alike?.delete(run);
    if (alike?.size === 0) this.#byContent.delete(content);
  }
}

/** As the IETF's draft on the header has it. */
function keyReused(): WireError {
  return new WireError({
    status: 422,
    type: 'invalid_request_error',
    message:
      "This 'Idempotency-Key' was used with another request. Send the same body with it, or a new key with this body.",
    param: 'Idempotency-Key',
    code: 'idempotency_key_reused',
  });
}

function answerTooLong(): WireError {
  return new WireError({
    status: 409,
    type: 'invalid_request_error',
    message:
      "A request with this 'Idempotency-Key' was run, but its answer was too long to be kept. The run was not repeated.",
    param: 'Idempotency-Key',
    code: 'idempotent_answer_too_long',
    shouldRetry: false,
  });
}

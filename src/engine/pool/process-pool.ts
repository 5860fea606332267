import type { Fingerprint } from '../../turn/index.ts';
import type { ProcessEnvironment } from '../claude/build-options.ts';
import type { Launch } from '../claude/launch.ts';
import type { LiveProcess } from '../claude/live-process.ts';
import { removePlaceholders } from '../claude/sandbox-placeholders.ts';
import type { OwnedProcess } from '../claude/spawn-process.ts';
import type { PoolStatus } from '../engine.ts';
import { FairGate } from './fair-gate.ts';
import { SpareShelf } from './spare-shelf.ts';

/** What may change while the server runs. */
export interface PoolBounds {
  readonly maxProcesses: number;
  readonly warmSpares: number;
  readonly queueLimit: number;
  readonly idleTtlSeconds: number;
}

export interface ProcessPoolOptions extends PoolBounds {
  readonly environment: ProcessEnvironment;
  readonly instance: string;
  /** Launches to expect before anybody asked. */
  readonly expected: () => readonly Launch[];
}

/** Where a kept process stands: only a turn for exactly this may take it. */
export interface Standing {
  readonly owner: string;
  readonly launchKey: string;
  readonly sessionKey: string;
  readonly conversation: Fingerprint;
  /** The turn that it ran last; a turn that names its predecessor takes only this one. */
  readonly turnId: string;
}

/** What a turn asks for: any process that stands there, or the one that ran a certain turn. */
export type WantedStanding = Omit<Standing, 'turnId'> & { readonly after: string | undefined };

interface Kept {
  readonly process: LiveProcess;
  readonly standing: Standing;
  /** Milliseconds since 1970. */
  readonly since: number;
  timer: NodeJS.Timeout | undefined;
}

/** Holds all processes of the server: running turns, conversations kept alive between requests, and spares. */
export class ProcessPool {
  #bounds: PoolBounds;
  readonly #gate: FairGate;
  readonly #shelf: SpareShelf;
  /** Least recently used first. */
  readonly #kept = new Set<Kept>();
  readonly #leased = new Set<LiveProcess>();
  readonly #ending = new Set<Promise<void>>();
  /** Places promised to processes that are about to start. */
  #reserved = 0;
  #closed = false;

  constructor(options: ProcessPoolOptions) {
    this.#bounds = options;
    this.#gate = new FairGate({ capacity: options.maxProcesses, limit: options.queueLimit });
    this.#shelf = new SpareShelf({ ...options, places: () => this.#bounds.warmSpares }, options.expected);
  }

  /** From now on. Turns that run are not touched; what waits idle beyond the bounds is ended. */
  configure(bounds: PoolBounds): void {
    this.#bounds = bounds;
    this.#gate.configure({ capacity: bounds.maxProcesses, limit: bounds.queueLimit });
    for (const kept of this.#kept) this.#startTimer(kept);
    const isTooMany = (): boolean => this.#alive() - this.#ending.size > bounds.maxProcesses;
    for (const kept of this.#kept) if (isTooMany()) this.#evict(kept);
    while (isTooMany() && this.#shelf.size > 0) void this.#shelf.endAny();
  }

  status(): PoolStatus {
    const { maxProcesses, queueLimit } = this.#bounds;
    return {
      maxProcesses,
      running: this.#gate.inside,
      idle: this.#kept.size,
      spares: this.#shelf.size,
      queued: this.#gate.waiting,
      queueLimit,
    };
  }

  /**
   * Waits for leave to run a turn. Returns the function that ends it.
   * @throws TurnError `queue_full`; or the signal's reason.
   */
  admit(owner: string, signal: AbortSignal): Promise<() => void> {
    return this.#gate.enter(owner, signal);
  }

  /** The process that holds exactly this conversation, if there is one; it is the caller's until kept or ended. */
  takeLive(wanted: WantedStanding): LiveProcess | undefined {
    for (const kept of [...this.#kept].reverse()) {
      if (!fits(kept.standing, wanted)) continue;
      this.#forget(kept);
      this.#leased.add(kept.process);
      return kept.process;
    }
    return undefined;
  }

  /**
   * Starts a process for a turn, within the bound: `start` is called when there is room, with a spare for the
   * launch if there is one. A process that resumes has a command line of its own and takes none. What runs aside counts
   * not among what spares are expected for: those are for conversations.
   */
  async start(
    launch: Launch,
    { resumes, aside }: { readonly resumes: boolean; readonly aside: boolean },
    start: (spare: OwnedProcess | undefined) => LiveProcess,
  ): Promise<LiveProcess> {
    const spare = resumes ? undefined : this.#shelf.take(launch, { counts: !aside });
    this.#reserved++;
    try {
      await this.#makeRoom();
      const process = start(spare);
      this.#leased.add(process);
      return process;
    } catch (error) {
      await spare?.end();
      throw error;
    } finally {
      this.#reserved--;
    }
  }

  /** Keeps a process for the conversation's next turn. */
  keep(process: LiveProcess, standing: Standing): void {
    this.#leased.delete(process);
    if (this.#closed) {
      this.end(process);
      return;
    }
    const kept: Kept = { process, standing, since: Date.now(), timer: undefined };
    this.#startTimer(kept);
    this.#kept.add(kept);
    void process.exited.then(() => {
      if (this.#kept.has(kept)) this.#evict(kept);
    });
  }

  /** Ends a process; it need not be waited for. `atOnce`: see OwnedProcess. */
  end(process: LiveProcess, options?: { readonly atOnce?: boolean }): void {
    this.#leased.delete(process);
    const ended = process
      .end(options)
      .catch(() => {})
      .then(() => this.#tidyAfter(process));
    this.#ending.add(ended);
    void ended.finally(() => {
      this.#ending.delete(ended);
      this.refill();
    });
  }

  /** Brings the spares up to what is wanted, within the bound on processes. */
  refill(): void {
    if (this.#closed) return;
    this.#shelf.refill(this.#bounds.maxProcesses - this.#alive());
  }

  /** Ends the spares, which were started with credentials that turned out stale. */
  async dropSpares(): Promise<void> {
    await this.#shelf.endAll();
  }

  /** Ends what waits idle in a directory that is there no more. */
  endIn(cwd: string): void {
    for (const kept of this.#kept) if (kept.process.cwd === cwd) this.#evict(kept);
    this.#shelf.endIn(cwd);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const kept of this.#kept) this.#evict(kept);
    for (const process of this.#leased) this.end(process);
    await this.#shelf.endAll();
    await Promise.all(this.#ending);
  }

  #alive(): number {
    return this.#reserved + this.#leased.size + this.#kept.size + this.#shelf.size + this.#ending.size;
  }

  async #makeRoom(): Promise<void> {
    while (this.#alive() > this.#bounds.maxProcesses) {
      const [oldest] = this.#kept;
      if (this.#ending.size > 0) await Promise.race(this.#ending);
      else if (oldest !== undefined) this.#evict(oldest);
      else {
        const ended = this.#shelf.endAny();
        if (ended === undefined) return;
        await ended;
      }
    }
  }

  /** The placeholders of one sandbox are those of any other in the same workspace: the last process there takes them away. */
  async #tidyAfter({ cwd, isSandboxed }: LiveProcess): Promise<void> {
    const others = [...this.#leased, ...[...this.#kept].map(({ process }) => process)];
    if (isSandboxed && others.every((other) => other.cwd !== cwd)) await removePlaceholders(cwd);
  }

  #startTimer(kept: Kept): void {
    clearTimeout(kept.timer);
    const left = kept.since + this.#bounds.idleTtlSeconds * 1000 - Date.now();
    kept.timer = setTimeout(() => this.#evict(kept), Math.max(0, left));
    kept.timer.unref();
  }

  #evict(kept: Kept): void {
    this.#forget(kept);
    this.end(kept.process);
  }

  #forget(kept: Kept): void {
    clearTimeout(kept.timer);
    this.#kept.delete(kept);
  }
}

function fits(kept: Standing, wanted: WantedStanding): boolean {
  return (
    kept.conversation === wanted.conversation &&
    kept.owner === wanted.owner &&
    kept.sessionKey === wanted.sessionKey &&
    kept.launchKey === wanted.launchKey &&
    (wanted.after === undefined || kept.turnId === wanted.after)
  );
}

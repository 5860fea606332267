import { attributeChanges, type Claim } from './attribute-changes.ts';
import { CommandGate } from './command-gate.ts';
import type { FileState, PathChange } from './file-state.ts';
import type { WorkspaceScan } from './workspace-scan.ts';

/** A run, as its workspace sees it. */
export interface WatchedRun {
  /** Something changed that is its work, as far as can be told; `certain`: and nobody else's. */
  record(change: PathChange, certain: boolean): void;
  /** Something may have changed that cannot be told. */
  lose(): void;
}

export interface OpenClaim {
  /** The file is written. */
  settle(after: FileState | undefined): void;
  /** It was not written. */
  withdraw(): void;
}

/** A look that began within this time is as good as a new one, where nothing of ours happened since. Milliseconds. */
const freshMilliseconds = 250;

interface Standing {
  claim: Claim;
  /** When it was written, on the clock of `performance.now`. */
  settledAt?: number;
}

/** One workspace and the runs in it: finds what changes between looks, and tells each run what is its own. */
export class WatchedWorkspace {
  readonly gate: CommandGate<WatchedRun>;
  readonly #scan: WorkspaceScan;
  readonly #runs = new Set<WatchedRun>();
  readonly #commanded = new Set<WatchedRun>();
  /** A run once for each of its commands that run. */
  readonly #commanding: WatchedRun[] = [];
  #claims: Standing[] = [];
  #looking: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;

  constructor(scan: WorkspaceScan, patience: number) {
    this.#scan = scan;
    this.gate = new CommandGate(patience);
  }

  /** The thread that is best asked about its files. */
  get thread(): number {
    return this.#scan.thread;
  }

  get runs(): number {
    return this.#runs.size;
  }

  join(run: WatchedRun): void {
    this.#runs.add(run);
  }

  leave(run: WatchedRun): void {
    this.#runs.delete(run);
    this.#commanded.delete(run);
  }

  /**
   * Looks at how things are, so that what changes from now on is the command's. A run that alone has run commands has nothing
   * to gain by that: what nobody claims is its work, before this command as well.
   */
  async beforeCommand(run: WatchedRun): Promise<void> {
    const isFresh = performance.now() - this.#lastLook < freshMilliseconds;
    const isAlone = this.#commanded.size === 1 && this.#commanded.has(run);
    if (this.#commanding.length > 0 || !this.#scan.isKnown || !(isFresh || isAlone)) await this.look();
  }

  commandStarted(run: WatchedRun): void {
    this.#commanding.push(run);
  }

  /** Finds what the command did. */
  async afterCommand(run: WatchedRun): Promise<void> {
    try {
      await this.look();
    } finally {
      const index = this.#commanding.indexOf(run);
      if (index >= 0) this.#commanding.splice(index, 1);
      this.commandSeen(run);
    }
  }

  /** The run ran a command without our knowing when: what nobody else can have done is its work. */
  commandSeen(run: WatchedRun): void {
    if (this.#runs.has(run)) this.#commanded.add(run);
  }

  /** A run, or the server itself, begins to write a file. */
  claim(path: string): OpenClaim {
    const standing: Standing = { claim: { path } };
    this.#claims.push(standing);
    return {
      settle: (after) => {
        standing.claim = { path, written: { after } };
        standing.settledAt = performance.now();
      },
      withdraw: () => {
        this.#claims = this.#claims.filter((other) => other !== standing);
      },
    };
  }

  /** Looks at the workspace, after the looks that are under way, and tells the runs. Calls that wait share a look. */
  look(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#looking.then(() => {
      this.#next = undefined;
      return this.#look();
    });
    this.#next = next;
    this.#looking = next.catch(() => {});
    return next;
  }

  /** Lets go of what is known of the workspace. */
  async forget(): Promise<void> {
    await this.#looking;
    await this.#scan.forget();
  }

  async #look(): Promise<void> {
    const start = performance.now();
    const { changes, blind } = await this.#scan.look();
    const commanding = new Set(this.#commanding);
    if (blind) for (const run of new Set([...commanding, ...this.#commanded])) run.lose();
    const found = attributeChanges(changes, {
      commanding,
      commanded: this.#commanded,
      claims: this.#claims.map(({ claim }) => claim),
    });
    for (const { run, change, certain } of found) run.record(change, certain);
    // What was written before this look began, it has seen.
    this.#claims = this.#claims.filter(({ settledAt = Number.POSITIVE_INFINITY }) => settledAt >= start);
    this.#lastLook = start;
  }
}

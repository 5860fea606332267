import type { PathChange } from './file-state.ts';
import type { ScanRequest, ScanResult, ShardOptions } from './scan-shard.ts';
import type { ScanThreads } from './scan-threads.ts';

/** What became of a workspace between two looks at it. */
export interface Delta {
  readonly changes: readonly PathChange[];
  /** What happened is not known: it is the first look, the workspace is too large, or a thread was lost. */
  readonly blind: boolean;
}

/** Up to so many directories a single thread is quicker. */
const alone = 64;
/** A workspace that was too large is looked at again after so long. */
const tryAgainMilliseconds = 10 * 60_000;

const blind: Delta = { changes: [], blind: true };
let nextWorkspace = 0;

/** Knows how the files of a workspace stood when it was last looked at. One look at a time: the caller sees to it. */
export class WorkspaceScan {
  readonly #threads: ScanThreads;
  readonly #options: ShardOptions;
  /** For the threads. */
  readonly #id = nextWorkspace++;
  /** Which thread knows a directory. */
  readonly #directories = new Map<string, number>();
  readonly #totals = new Map<number, ScanResult>();
  #relist: string[] = [];
  #generation = -1;
  #tooLargeUntil = 0;

  constructor(threads: ScanThreads, options: ShardOptions) {
    this.#threads = threads;
    this.#options = options;
  }

  /** The thread that knows the workspace, or most of a small one. */
  get thread(): number {
    return this.#id % this.#threads.count;
  }

  /** False before the first look, and where the workspace is too large to be looked at. */
  get isKnown(): boolean {
    return this.#directories.size > 0 && this.#generation === this.#threads.generation;
  }

  get files(): number {
    return [...this.#totals.values()].reduce((sum, { files }) => sum + files, 0);
  }

  /** What changed since the last look. Throws nothing: a look that fails is blind. */
  async look(): Promise<Delta> {
    if (performance.now() < this.#tooLargeUntil) return blind;
    const baseline = !this.isKnown;
    if (baseline) await this.forget();
    try {
      const changes = await this.#scan(baseline);
      if (changes !== 'overflow') {
        if (baseline) await this.#askAll('read-ahead');
        return { changes, blind: baseline };
      }
      this.#tooLargeUntil = performance.now() + tryAgainMilliseconds;
    } catch {
      // A thread was lost, and what it knew with it.
    }
    await this.forget();
    return blind;
  }

  /** Lets go of what is known, in the threads, too. */
  async forget(): Promise<void> {
    const forgotten = this.#askAll('forget').catch(() => {});
    this.#directories.clear();
    this.#totals.clear();
    this.#relist = [];
    await forgotten;
  }

  async #askAll(op: 'read-ahead' | 'forget'): Promise<void> {
    const threads = new Set(this.#directories.values());
    await Promise.all([...threads].map((thread) => this.#threads.ask(thread, { op, workspace: this.#id })));
  }

  async #scan(baseline: boolean): Promise<readonly PathChange[] | 'overflow'> {
    const changes: PathChange[][] = [];
    const relist = this.#relist;
    this.#relist = [];
    this.#generation = this.#threads.generation;
    let rescan = !baseline;
    let added = baseline ? [''] : [];
    // New directories may hold others: round after round, until none has a new one.
    while (rescan || added.length > 0) {
      const results = await this.#round(added, { rescan, baseline, relist });
      if (results.some(({ overflow }) => overflow)) return 'overflow';
      for (const result of results) {
        changes.push([...result.changes]);
        for (const path of result.gone) this.#lose(path);
      }
      if (this.#isTooLarge) return 'overflow';
      added = results.flatMap(({ folders }) => folders.filter((path) => !this.#directories.has(path)));
      rescan = false;
    }
    return changes.flat();
  }

  async #round(
    added: readonly string[],
    request: Pick<ScanRequest, 'rescan' | 'baseline' | 'relist'>,
  ): Promise<ScanResult[]> {
    const shares = new Map<number, string[]>();
    if (request.rescan) for (const thread of new Set(this.#directories.values())) shares.set(thread, []);
    for (const path of added) {
      const thread = this.#nextThread();
      this.#directories.set(path, thread);
      const share = shares.get(thread);
      if (share === undefined) shares.set(thread, [path]);
      else share.push(path);
    }
    return Promise.all(
      [...shares].map(async ([thread, add]) => {
        const result = await this.#threads.ask(thread, {
          op: 'scan',
          workspace: this.#id,
          options: this.#options,
          ...request,
          add,
        });
        this.#totals.set(thread, result);
        return result;
      }),
    );
  }

  #nextThread(): number {
    const { size } = this.#directories;
    return (this.thread + (size < alone ? 0 : size)) % this.#threads.count;
  }

  /** The directory above may have it again before that one is looked at. */
  #lose(path: string): void {
    this.#directories.delete(path);
    this.#relist.push(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  }

  get #isTooLarge(): boolean {
    return this.files + this.#directories.size > this.#options.maxEntries;
  }
}

import type { ProfileStore, StoredProfile } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';

/** How old what is known may be, where another server changes it. */
const lookEveryMs = 1_000;

interface Loaded<Value> {
  /** Which look found it. */
  readonly look: number;
  readonly version: number;
  readonly stored: readonly StoredProfile[];
  readonly value: Value;
}

export interface ProfileCacheOptions<Value> {
  readonly store: Pick<ProfileStore, 'list' | 'version'>;
  readonly build: (stored: readonly StoredProfile[]) => Value;
  /** Told which profiles differ from before, by their names. */
  readonly onChanged: (names: readonly string[]) => void;
  readonly onProblem: ReportProblem;
  readonly now: () => number;
}

/** What is made of the stored profiles, made anew when they change. */
export class ProfileCache<Value> {
  readonly #options: ProfileCacheOptions<Value>;
  #loaded: Loaded<Value> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #looks = 0;

  constructor(options: ProfileCacheOptions<Value>) {
    this.#options = options;
  }

  /** The same object as before while nothing has changed. Rejects where nothing could ever be read. */
  async get(): Promise<Value> {
    const { now, onProblem } = this.#options;
    const isOld = this.#loaded === undefined || Math.abs(now() - this.#lookedAt) >= lookEveryMs;
    if (this.#looking === undefined && isOld) this.#look();
    try {
      await this.#looking;
    } catch (error) {
      if (this.#loaded === undefined) throw error;
      onProblem('the profiles could not be read again; the last known stay', error);
    }
    if (this.#loaded === undefined) throw new Error('The profiles have not been read.');
    return this.#loaded.value;
  }

  /** To be called after a change: the next `get` has it. */
  forget(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#looking = undefined;
  }

  #look(): void {
    this.#lookedAt = this.#options.now();
    const looking = this.#read().finally(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    this.#looking = looking;
  }

  async #read(): Promise<void> {
    const { store, build, onChanged } = this.#options;
    this.#looks += 1;
    const look = this.#looks;
    const version = await store.version();
    if (version === this.#loaded?.version) return;
    // Read after the version: it may be newer than that, which the next look puts right, but never older.
    const stored = await store.list();
    const before = this.#loaded;
    // A look that began earlier may end later.
    if (before !== undefined && look < before.look) return;
    this.#loaded = { look, version, stored, value: build(stored) };
    if (before === undefined) return;
    const names = findChanges(before.stored, stored);
    if (names.length > 0) onChanged(names);
  }
}

function findChanges(before: readonly StoredProfile[], after: readonly StoredProfile[]): string[] {
  const [was, is] = [byName(before), byName(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
}

function byName(profiles: readonly StoredProfile[]): ReadonlyMap<string, string> {
  return new Map(profiles.map((profile) => [profile.name, JSON.stringify(profile)]));
}

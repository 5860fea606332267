import type { SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import type { ProcessEnvironment } from '../claude/build-options.ts';
import { type Launch, launchKey } from '../claude/launch.ts';
import { captureSpawn, startSpare } from '../claude/spare-process.ts';
import type { OwnedProcess } from '../claude/spawn-process.ts';
import { chooseSpares } from './choose-spares.ts';

export interface SpareShelfOptions {
  /** How many spares are kept; asked anew each time. */
  readonly places: () => number;
  readonly environment: ProcessEnvironment;
  readonly instance: string;
}

/** Uses that are remembered to tell which launches deserve a spare. */
const memory = 32;
/** A launch seen once may never come again; the expected ones count from the start. */
const expectedUses = 1;
const usesForSpare = 2;

/** Keeps waiting processes for the launches that are used most. */
export class SpareShelf {
  readonly #options: SpareShelfOptions;
  readonly #expected: () => readonly Launch[];
  readonly #recent: Launch[] = [];
  readonly #spawnOptions = new Map<string, SpawnOptions>();
  readonly #spares = new Map<string, OwnedProcess[]>();
  readonly #ending = new Set<Promise<void>>();

  /** `expected` is asked anew each time: a model's name may only resolve once the engine has started. */
  constructor(options: SpareShelfOptions, expected: () => readonly Launch[]) {
    this.#options = options;
    this.#expected = expected;
  }

  get size(): number {
    let size = 0;
    for (const spares of this.#spares.values()) size += spares.length;
    return size;
  }

  /** A spare for the launch, if there is one; its use is remembered either way, if it `counts`. */
  take(launch: Launch, { counts = true } = {}): OwnedProcess | undefined {
    if (counts) this.#recent.unshift(launch);
    this.#recent.length = Math.min(this.#recent.length, memory);
    return this.#remove(launchKey(launch));
  }

  /** Starts the spares that are missing, `room` at most, and ends those nobody asks for any more. */
  refill(room: number): void {
    const wanted = this.#wanted();
    const wantedKeys = wanted.map(launchKey);
    for (const key of this.#spares.keys()) {
      const surplus = this.#count(key) - wantedKeys.filter((other) => other === key).length;
      for (let index = 0; index < surplus; index++) void this.#endOne(key);
    }
    let left = room;
    const seen = new Map<string, number>();
    for (const launch of wanted) {
      const key = launchKey(launch);
      const nth = (seen.get(key) ?? 0) + 1;
      seen.set(key, nth);
      if (left <= 0 || this.#count(key) >= nth) continue;
      left--;
      this.#start(launch, key);
    }
  }

  /** Ends one spare to make room. Returns its end, or undefined if there is none. */
  endAny(): Promise<void> | undefined {
    const key = [...this.#spares.keys()].at(-1);
    return key === undefined ? undefined : this.#endOne(key);
  }

  /** Ends the spares that wait in this directory; what was asked for there so far counts no more. */
  endIn(cwd: string): void {
    const inside = this.#recent.filter((launch) => launch.cwd === cwd);
    for (const launch of inside) {
      const key = launchKey(launch);
      while (this.#count(key) > 0) void this.#endOne(key);
      this.#recent.splice(this.#recent.indexOf(launch), 1);
    }
  }

  async endAll(): Promise<void> {
    while (this.size > 0) void this.endAny();
    await Promise.all(this.#ending);
  }

  #wanted(): Launch[] {
    const demand = new Map<string, { launch: Launch; uses: number }>();
    for (const launch of this.#recent) {
      const key = launchKey(launch);
      demand.set(key, { launch, uses: (demand.get(key)?.uses ?? 0) + 1 });
    }
    for (const [key, { uses }] of demand) if (uses < usesForSpare) demand.delete(key);
    for (const launch of this.#expected()) {
      const key = launchKey(launch);
      demand.set(key, { launch, uses: (demand.get(key)?.uses ?? 0) + expectedUses });
    }
    return chooseSpares([...demand.values()], this.#options.places());
  }

  #start(launch: Launch, key: string): void {
    const { environment, instance } = this.#options;
    const spawnOptions = this.#spawnOptions.get(key) ?? captureSpawn(launch, environment);
    this.#spawnOptions.set(key, spawnOptions);
    const spare = startSpare(spawnOptions, instance, environment.sessionNotes);
    this.#spares.set(key, [...(this.#spares.get(key) ?? []), spare]);
    void spare.exited.then(() => this.#remove(key, spare));
  }

  #endOne(key: string): Promise<void> | undefined {
    const ended = this.#remove(key)?.end();
    if (ended !== undefined) {
      this.#ending.add(ended);
      void ended.finally(() => this.#ending.delete(ended));
    }
    return ended;
  }

  #count(key: string): number {
    return this.#spares.get(key)?.length ?? 0;
  }

  /** Takes the given spare, or the oldest, off the shelf. */
  #remove(key: string, which?: OwnedProcess): OwnedProcess | undefined {
    const spares = this.#spares.get(key) ?? [];
    const taken = which === undefined ? spares[0] : spares.find((spare) => spare === which);
    const left = spares.filter((spare) => spare !== taken);
    if (left.length === 0) this.#spares.delete(key);
    else this.#spares.set(key, left);
    return taken;
  }
}

import { within } from '../../within.ts';
import type { TrackedWorkspace } from '../changes/change-tracker.ts';
import type { Usage } from '../changes/scan-thread-messages.ts';

interface Known {
  usage: Usage;
  /** On the clock of `performance.now`. */
  measuredAt: number;
  /** Somebody was at work there since. */
  isStale: boolean;
}

/** After so long a workspace is measured again though nobody of ours was at work in it: other servers may have been. */
const freshMilliseconds = 60_000;
/** So long a run is held up where a workspace that was measured before is measured again. */
const patienceMilliseconds = 500;
/** Workspaces that are remembered. */
const mostKnown = 1_000;

/**
 * What workspaces take. Each is measured once before the first that asks is answered; then again, in the background,
 * after somebody was at work there.
 */
export class UsageBook {
  readonly #measure: (workspace: TrackedWorkspace) => Promise<Usage>;
  /** By root. */
  readonly #known = new Map<string, Known>();
  readonly #measuring = new Map<string, Promise<void>>();

  /** `measure` counts all that lies in a workspace. */
  constructor(measure: (workspace: TrackedWorkspace) => Promise<Usage>) {
    this.#measure = measure;
  }

  /** As of now, or as it was shortly before, where measuring takes long. */
  async usageOf(workspace: TrackedWorkspace): Promise<Usage> {
    const { root } = workspace;
    const known = this.#known.get(root);
    if (known !== undefined && this.#isFresh(root, known)) return known.usage;
    const measured = this.#refresh(workspace);
    if (known === undefined) await measured;
    else await within(patienceMilliseconds, measured);
    const usage = this.#known.get(root)?.usage ?? known?.usage;
    if (usage === undefined) throw new Error('The workspace could not be measured.');
    return usage;
  }

  /** Something of so many bytes came in. */
  add({ root }: TrackedWorkspace, bytes: number): void {
    const known = this.#known.get(root);
    if (known === undefined) return;
    const { usage } = known;
    known.usage = { ...usage, files: usage.files + 1, bytes: usage.bytes + bytes };
    // A measurement that is under way may have seen it or not.
    if (this.#measuring.has(root)) known.isStale = true;
  }

  /** Somebody was at work there. One that was never asked for stays unmeasured. */
  changed(workspace: TrackedWorkspace): void {
    const known = this.#known.get(workspace.root);
    if (known === undefined) return;
    known.isStale = true;
    this.#refresh(workspace).catch(() => {});
  }

  forget(root: string): void {
    this.#known.delete(root);
  }

  #isFresh(root: string, { isStale, measuredAt }: Known): boolean {
    return !isStale && !this.#measuring.has(root) && performance.now() - measuredAt < freshMilliseconds;
  }

  #refresh(workspace: TrackedWorkspace): Promise<void> {
    const { root } = workspace;
    const running = this.#measuring.get(root);
    if (running !== undefined) {
      // What is under way began before the change.
      return this.#known.get(root)?.isStale === true ? running.then(() => this.#refresh(workspace)) : running;
    }
    const known = this.#known.get(root);
    if (known !== undefined) known.isStale = false;
    const measuring = this.#measureAnew(workspace);
    this.#measuring.set(root, measuring);
    return measuring;
  }

  async #measureAnew(workspace: TrackedWorkspace): Promise<void> {
    const { root } = workspace;
    try {
      this.#keep(root, await this.#measure(workspace));
    } catch (error) {
      const known = this.#known.get(root);
      if (known !== undefined) known.isStale = true;
      throw error;
    } finally {
      this.#measuring.delete(root);
    }
  }

  #keep(root: string, usage: Usage): void {
    const isStale = this.#known.get(root)?.isStale ?? false;
    this.#known.delete(root);
    this.#known.set(root, { usage, measuredAt: performance.now(), isStale });
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
  }
}

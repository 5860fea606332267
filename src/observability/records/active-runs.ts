import type { ActiveRun, TimelineEntry } from '../../contract/index.ts';
import type { LiveChannels } from '../live/live-channels.ts';
import { type RunStart, TrackedRun } from './active-run.ts';

export interface ActiveRunsOptions {
  readonly feed: Pick<LiveChannels, 'publish' | 'seqOf' | 'retire'>;
  /** Least time between two reports of a run's progress, in milliseconds. */
  readonly progressMs?: number;
}

/** The runs that are under way on this server. */
export class ActiveRuns {
  readonly #feed: ActiveRunsOptions['feed'];
  readonly #progressMs: number;
  readonly #runs = new Map<string, TrackedRun>();

  constructor({ feed, progressMs = 250 }: ActiveRunsOptions) {
    this.#feed = feed;
    this.#progressMs = progressMs;
  }

  get count(): number {
    return this.#runs.size;
  }

  /** Registers a run, and tells of it, until it is ended. */
  begin(start: RunStart): TrackedRun {
    const run = new TrackedRun(start, this.#feed, this.#progressMs);
    this.#runs.set(start.id, run);
    return run;
  }

  /** The run is over; its timeline can be followed for a while yet. */
  end(id: string): void {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    this.#runs.delete(id);
    run.end();
    this.#feed.retire(run.channel);
  }

  list(): ActiveRun[] {
    return [...this.#runs.values()].map((run) => run.view());
  }

  /** Null where no such run is under way. What its channel tells after `seq` is not in the timeline. */
  get(id: string): { run: ActiveRun; timeline: TimelineEntry[]; seq: number } | null {
    const run = this.#runs.get(id);
    if (run === undefined) return null;
    const timeline = run.timeline.soFar();
    return { run: run.view(), timeline, seq: this.#feed.seqOf(run.channel) };
  }

  /** Asks a run to stop. Null where no such run is under way. */
  async stop(id: string): Promise<ActiveRun | null> {
    const run = this.#runs.get(id);
    if (run === undefined) return null;
    run.stop();
    return run.view();
  }
}

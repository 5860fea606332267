import type { ActiveRun, TimelineEntry } from '../../contract/index.ts';
import type { LiveChannels } from '../live/live-channels.ts';
import type { DetailLevel, RunEvent } from './run-event.ts';
import { RunTimeline } from './run-timeline.ts';
import { UsageByChoice } from './usage-view.ts';

/** What is known of a run when it begins. */
export interface RunStart
  extends Pick<
    ActiveRun,
    | 'id'
    | 'startedAt'
    | 'endpoint'
    | 'transport'
    | 'keyId'
    | 'keyName'
    | 'model'
    | 'profile'
    | 'client'
    | 'address'
  > {
  /** How much of the texts is told and kept; what is told has the same level as what is kept. */
  readonly level: DetailLevel;
  /** Milliseconds since the request began. */
  readonly elapsedMs: () => number;
  /** Stops it. */
  readonly stop: () => void;
}

/** A run that is under way: what it does now, and its timeline so far. */
export class TrackedRun {
  readonly #start: RunStart;
  readonly #feed: Pick<LiveChannels, 'publish'>;
  readonly #progressMs: number;
  readonly #timeline: RunTimeline;
  readonly #usage = new UsageByChoice();
  /** Name by call. */
  readonly #tools = new Map<string, string>();
  #state: ActiveRun['state'] = 'waiting';
  #firstTokenMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(start: RunStart, feed: Pick<LiveChannels, 'publish'>, progressMs: number) {
    const { id, level, elapsedMs } = start;
    this.#start = start;
    this.#feed = feed;
    this.#progressMs = progressMs;
    const onEntry = (entry: TimelineEntry): void =>
      feed.publish(this.channel, { type: 'run_entry', data: entry });
    this.#timeline = new RunTimeline({ level, elapsedMs, onEntry });
    feed.publish('requests', { type: 'new_request', data: this.view() });
    this.#toldAt = elapsedMs();
    this.channel = `run:${id}`;
  }

  readonly channel: `run:${string}`;

  get timeline(): Pick<RunTimeline, 'soFar' | 'whole' | 'truncated'> {
    return this.#timeline;
  }

  observe(told: RunEvent): void {
    this.#timeline.observe(told);
    if (this.#note(told)) this.#tellProgress();
  }

  /** Asks it to stop. */
  stop(): void {
    if (this.#state === 'stopping') return;
    this.#state = 'stopping';
    this.#tellProgress();
    this.#start.stop();
  }

  /** Tells what waits; nothing comes after it. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timeline.end();
  }

  view(): ActiveRun {
    const { level: _, elapsedMs: __, stop: ___, ...start } = this.#start;
    return {
      ...start,
      state: this.#state,
      activity: [...this.#tools.values()].at(-1) ?? null,
      firstTokenMs: this.#firstTokenMs,
      usage: this.#usage.sum(),
    };
  }

  /** Whether what is shown of the run has changed. */
  #note({ choice, event }: RunEvent): boolean {
    switch (event.type) {
      case 'started':
        if (this.#state !== 'waiting') return false;
        this.#state = 'running';
        return true;
      case 'text.delta':
      case 'thinking.delta':
      case 'client-call.started':
        if (this.#firstTokenMs !== null) return false;
        this.#firstTokenMs = Math.round(this.#start.elapsedMs());
        return true;
      case 'tool.started':
        this.#tools.set(event.callId, event.name);
        return true;
      case 'tool.done':
        return this.#tools.delete(event.callId);
      case 'usage':
      case 'done':
      case 'error':
        this.#usage.observe(choice, event.usage);
        return true;
      default:
        return false;
    }
  }

  /** At once where that is not too often, else a little later. */
  #tellProgress(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#toldAt + this.#progressMs - this.#start.elapsedMs();
    if (wait <= 0) this.#publishProgress();
    else this.#timer = setTimeout(() => this.#publishProgress(), wait).unref();
  }

  #publishProgress(): void {
    this.#timer = undefined;
    this.#toldAt = this.#start.elapsedMs();
    this.#feed.publish('requests', { type: 'request_progress', data: this.view() });
  }
}

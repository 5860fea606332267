import type { LiveMetrics, RequestRecord } from '../../contract/index.ts';
import type { LiveFeed } from '../live/feed.ts';
import type { GaugeSources } from './gauge-sources.ts';
import { LiveWindow } from './live-window.ts';

/** The figures of the moment, published each second until it is disposed of. */
export interface LiveSampler extends Disposable {
  /** Counts a request that is over. */
  count(record: RequestRecord): void;
  current(): LiveMetrics;
}

export interface LiveSamplerOptions extends Pick<GaugeSources, 'pool' | 'activeRuns' | 'records'> {
  readonly feed: Pick<LiveFeed, 'publish'>;
}

const everyMs = 1000;
const tickMs = 20;

export function startLiveSampler({ feed, pool, activeRuns, records }: LiveSamplerOptions): LiveSampler {
  const window = new LiveWindow();
  const load = new ProcessLoad();
  const current = (): LiveMetrics => {
    const { waiting, dropped } = records();
    return {
      at: Date.now(),
      activeRuns: activeRuns(),
      ...window.read(performance.now()),
      pool: pool(),
      memoryBytes: process.memoryUsage.rss(),
      cpuPercent: load.cpuPercent,
      eventLoopDelayMs: load.eventLoopDelayMs,
      uptimeSeconds: Math.floor(process.uptime()),
      recordsWaiting: waiting,
      recordsDropped: dropped,
    };
  };
  const timer = setInterval(() => {
    load.sample();
    feed.publish('metrics', { type: 'metrics', data: current() });
  }, everyMs);
  timer.unref();
  return {
    count: (record) => window.add(record, performance.now()),
    current,
    [Symbol.dispose]() {
      clearInterval(timer);
      load[Symbol.dispose]();
    },
  };
}

/** What the process itself took since the sample before. */
class ProcessLoad implements Disposable {
  /** Of one core: several threads may take more than 100. */
  cpuPercent = 0;
  /** The longest that anything had to wait for its turn. */
  eventLoopDelayMs = 0;
  /**
   * Node's own histogram forgets, when it is reset, how long its next tick is late already: just what was to be measured,
   * where the loop stood still until this very sample.
   */
  readonly #ticks = setInterval(() => this.#tick(), tickMs).unref();
  #tickedAt = performance.now();
  #longestMs = 0;
  #cpu = process.cpuUsage();
  #at = performance.now();

  sample(): void {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsedMs = Math.max(1, now - this.#at);
    this.cpuPercent = round((user + system) / 10 / elapsedMs);
    this.#tick();
    this.eventLoopDelayMs = round(this.#longestMs);
    this.#longestMs = 0;
    this.#cpu = process.cpuUsage();
    this.#at = now;
  }

  #tick(): void {
    const now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#tickedAt - tickMs);
    this.#tickedAt = now;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticks);
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

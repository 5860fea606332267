import { monitorEventLoopDelay } from 'node:perf_hooks';
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
const delayResolutionMs = 20;

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
  readonly #delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
  #cpu = process.cpuUsage();
  #at = performance.now();

  constructor() {
    this.#delays.enable();
  }

  sample(): void {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsedMs = Math.max(1, now - this.#at);
    this.cpuPercent = round((user + system) / 10 / elapsedMs);
    // What is measured is the time between two ticks. One that this sample itself was late by is not in there yet.
    const longest = this.#delays.count > 0 ? this.#delays.max / 1e6 - delayResolutionMs : 0;
    this.eventLoopDelayMs = round(Math.max(0, longest, elapsedMs - everyMs));
    this.#delays.reset();
    this.#cpu = process.cpuUsage();
    this.#at = now;
  }

  [Symbol.dispose](): void {
    this.#delays.disable();
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

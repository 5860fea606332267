import type { BudgetAlerts } from '../access/index.ts';
import type { Config } from '../config/index.ts';
import type { Engine } from '../engine/index.ts';
import {
  ActiveRuns,
  createMetrics,
  type KnownNames,
  LiveChannels,
  type LiveSampler,
  type Logger,
  type Metrics,
  RecordBuffer,
  RecordKeeping,
  RequestRecorder,
  startLiveSampler,
  type Tracing,
} from '../observability/index.ts';
import type { RecordStore } from '../storage/index.ts';
import type { OpenedParts } from './opened-parts.ts';

export interface RecordingParts {
  readonly store: RecordStore;
  readonly engine: Pick<Engine, 'status'>;
  readonly budgetAlerts: Pick<BudgetAlerts, 'counts'>;
  readonly known: KnownNames;
  readonly tracing: Tracing;
  readonly config: () => Config;
  readonly liveClients: () => number;
  readonly logger: Logger;
  readonly version: string;
}

/** What happens, told live, counted and kept. */
export interface Recording {
  readonly feed: LiveChannels;
  readonly runs: ActiveRuns;
  readonly recorder: RequestRecorder;
  readonly buffer: RecordBuffer;
  readonly metrics: Metrics;
  readonly sampler: LiveSampler;
}

export function buildRecording(parts: RecordingParts, opened: OpenedParts): Recording {
  const { store, engine, budgetAlerts, known, tracing, config, liveClients, logger, version } = parts;
  const feed = new LiveChannels();
  const runs = new ActiveRuns({ feed });
  const buffer = opened.add(new RecordBuffer({ store, logger }));
  opened.add(new RecordKeeping({ store, logger, limits: () => config().records }));
  const gauges = {
    pool: () => engine.status().pool,
    activeRuns: () => runs.count,
    records: () => buffer.status(),
    budgetAlerts: () => budgetAlerts.counts(),
  };
  const metrics = createMetrics({ ...gauges, liveClients, version }, known);
  const sampler = startLiveSampler({ ...gauges, feed });
  const recorder = opened.add(
    new RequestRecorder({
      runs,
      feed,
      buffer,
      detail: () => ({ level: config().records.detail, maxBytes: config().records.detailMaxBytes }),
      logger,
      tracing,
      onRecord: (record) => {
        metrics.count(record);
        sampler.count(record);
      },
    }),
  );
  opened.add({
    async [Symbol.asyncDispose]() {
      sampler[Symbol.dispose]();
      feed[Symbol.dispose]();
    },
  });
  return { feed, runs, recorder, buffer, metrics, sampler };
}

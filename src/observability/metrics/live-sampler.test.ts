import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LiveMetrics, liveMetrics, type Publication } from '../../contract/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { type LiveSampler, startLiveSampler } from './live-sampler.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pool = { maxProcesses: 8, running: 3, idle: 2, spares: 1, queued: 4, queueLimit: 64 };

function start(): { readonly sampler: LiveSampler; readonly published: Publication[] } {
  const published: Publication[] = [];
  const sampler = startLiveSampler({
    feed: {
      publish(channel, publication) {
        expect(channel).toBe('metrics');
        published.push(publication);
      },
    },
    pool: () => pool,
    activeRuns: () => 2,
    records: () => ({ waiting: 4, dropped: 1, droppedDetails: 0 }),
  });
  return { sampler, published };
}

test('publishes valid figures each second, until it is disposed of', () => {
  const { sampler, published } = start();
  sampler.count(sampleRecord());
  vi.advanceTimersByTime(3000);
  expect(published).toHaveLength(3);
  for (const { type, data } of published) {
    expect(type).toBe('metrics');
    expect(liveMetrics.parse(data)).toMatchObject({
      activeRuns: 2,
      pool,
      recordsWaiting: 4,
      recordsDropped: 1,
    });
  }
  sampler[Symbol.dispose]();
  vi.advanceTimersByTime(3000);
  expect(published).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(0);
});

test('adds up what ended in the last 60 seconds', () => {
  using sampler = start().sampler;
  const window = (): Partial<LiveMetrics> => {
    const { requestsPerMinute, errorsPerMinute, outputTokensPerMinute, costUsdPerMinute } = sampler.current();
    return { requestsPerMinute, errorsPerMinute, outputTokensPerMinute, costUsdPerMinute };
  };
  expect(sampler.current()).toMatchObject({ requestsPerMinute: 0, durationP50: null, firstTokenP50: null });
  sampler.count(sampleRecord({ outputTokens: 5, costUsd: 0.1 }));
  sampler.count(sampleRecord({ outputTokens: 7, costUsd: 0.2 }));
  vi.advanceTimersByTime(30_000);
  sampler.count(sampleRecord({ status: 500, outputTokens: 1, costUsd: null }));
  expect(window()).toEqual({
    requestsPerMinute: 3,
    errorsPerMinute: 1,
    outputTokensPerMinute: 13,
    costUsdPerMinute: 0.3,
  });
  vi.advanceTimersByTime(31_000);
  expect(window()).toMatchObject({ requestsPerMinute: 1, outputTokensPerMinute: 1 });
  vi.advanceTimersByTime(30_000);
  expect(window()).toMatchObject({ requestsPerMinute: 0, errorsPerMinute: 0 });
  expect(sampler.current().durationP95).toBeNull();
});

test('tells percentiles, also of more requests than are kept', () => {
  using sampler = start().sampler;
  for (let index = 1; index <= 100; index++)
    sampler.count(sampleRecord({ durationMs: index, firstTokenMs: index % 2 === 0 ? index : null }));
  expect(sampler.current()).toMatchObject({ durationP50: 50, durationP95: 95, firstTokenP50: 50 });
  for (let index = 0; index < 50_000; index++) sampler.count(sampleRecord({ durationMs: 7 }));
  expect(sampler.current()).toMatchObject({ requestsPerMinute: 50_100, durationP50: 7, durationP95: 7 });
});

test('tells what the process takes, and how long the loop stood still', async () => {
  vi.useRealTimers();
  const { sampler, published } = start();
  using _sampler = sampler;
  await vi.waitFor(() => expect(published.length).toBeGreaterThan(0), { timeout: 5000 });
  const until = performance.now() + 250;
  while (performance.now() < until) Math.sqrt(until);
  const seen = published.length;
  // A sample that was due while the loop stood still may come before the delay is known: then the next one has it.
  const delays = () =>
    published.slice(seen).flatMap(({ type, data }) => (type === 'metrics' ? [data.eventLoopDelayMs] : []));
  await vi.waitFor(() => expect(Math.max(...delays())).toBeGreaterThan(150), { timeout: 5000 });
  const current = sampler.current();
  expect(current.cpuPercent).toBeGreaterThan(0);
  expect(current.memoryBytes).toBeGreaterThan(1e7);
});

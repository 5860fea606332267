import { describe, expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { GaugeSources } from './gauge-sources.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const pool = { maxProcesses: 8, running: 3, idle: 2, spares: 1, queued: 4, queueLimit: 64 };

function create(sources: Partial<GaugeSources> = {}): Metrics {
  const endpoints = new Set(['/v1/chat/completions', '/v1/responses']);
  return createMetrics(
    {
      pool: () => pool,
      activeRuns: () => 3,
      records: () => ({ waiting: 0, dropped: 0, droppedDetails: 0 }),
      liveClients: () => 0,
      budgetAlerts: () => ({ delivered: 0, failed: 0 }),
      version: '1.2.3',
      ...sources,
    },
    {
      isEndpoint: (name) => endpoints.has(name),
      isModel: (name) => name.startsWith('claude-'),
      isProfile: (name) => name === 'agent' || name === 'model',
      isTool: (name) => name === 'Bash' || name === 'Read',
    },
  );
}

/** The samples of a metric: value by labels. */
async function read(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const { body } = await metrics.read();
  const samples = body.split('\n').flatMap((line): [string, number][] => {
    const [, found, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return found === name ? [[labels, Number(value)]] : [];
  });
  return Object.fromEntries(samples);
}

describe('a finished request', () => {
  test('is counted by endpoint, method, class of status and profile', async () => {
    const metrics = create();
    metrics.count(sampleRecord());
    metrics.count(sampleRecord());
    metrics.count(sampleRecord({ status: 499, endpoint: '/v1/responses', profile: null }));
    expect(await read(metrics, 'claudecode_requests_total')).toEqual({
      'endpoint="/v1/chat/completions",method="POST",status_class="2xx",profile="agent"': 2,
      'endpoint="/v1/responses",method="POST",status_class="4xx",profile="none"': 1,
    });
  });

  test('has its time, its tokens, its cost and its tools counted', async () => {
    const metrics = create();
    metrics.count(sampleRecord({ tools: { Bash: 2, Read: 1, get_weather: 3, mcp__a__b: 1 } }));
    metrics.count(sampleRecord({ firstTokenMs: null, durationMs: 100, costUsd: null }));
    const endpoint = 'endpoint="/v1/chat/completions"';
    expect(await read(metrics, 'claudecode_request_duration_seconds_sum')).toEqual({ [endpoint]: 1.3 });
    expect(await read(metrics, 'claudecode_request_duration_seconds_bucket')).toMatchObject({
      [`le="0.05",${endpoint}`]: 0,
      [`le="0.1",${endpoint}`]: 1,
      [`le="2.5",${endpoint}`]: 2,
    });
    expect(await read(metrics, 'claudecode_time_to_first_token_seconds_count')).toEqual({ [endpoint]: 1 });
    expect(await read(metrics, 'claudecode_tokens_total')).toEqual({
      'kind="input",model="claude-sonnet-4-5"': 200,
      'kind="cached_input",model="claude-sonnet-4-5"': 120,
      'kind="cache_write",model="claude-sonnet-4-5"': 20,
      'kind="output",model="claude-sonnet-4-5"': 40,
      'kind="thinking",model="claude-sonnet-4-5"': 10,
    });
    expect(await read(metrics, 'claudecode_cost_usd_total')).toEqual({ 'model="claude-sonnet-4-5"': 0.01 });
    expect(await read(metrics, 'claudecode_upstream_calls_total')).toEqual({
      'model="claude-sonnet-4-5"': 4,
    });
    expect(await read(metrics, 'claudecode_tool_calls_total')).toEqual({
      'tool="Bash"': 2,
      'tool="Read"': 1,
      'tool="other"': 4,
    });
  });

  test('that was turned away is counted by its reason', async () => {
    const metrics = create();
    for (const errorCode of ['queue_full', 'key_rate_limited', 'key_rate_limited', 'something new', null]) {
      metrics.count(sampleRecord({ status: 429, errorCode }));
    }
    metrics.count(sampleRecord({ status: 500, errorCode: 'engine_failed' }));
    expect(await read(metrics, 'claudecode_rate_limit_refusals_total')).toEqual({
      'reason="queue_full"': 1,
      'reason="key_rate_limited"': 2,
      'reason="other"': 2,
    });
    expect(await read(metrics, 'claudecode_queue_refusals_total')).toEqual({ '': 1 });
  });

  test('makes no series of its own, whatever it names', async () => {
    const metrics = create();
    for (let index = 0; index < 500; index++) {
      metrics.count(
        sampleRecord({
          endpoint: `/v1/${index}`,
          method: `M${index}`,
          profile: `p${index}`,
          // Such a name passes for a model of the engine: the number of series is bounded all the same.
          modelUsed: `claude-"${index}\n`,
          tools: { [`tool${index}`]: 1 },
          errorCode: `code${index}`,
        }),
      );
    }
    const { body } = await metrics.read();
    expect(body.split('\n').length).toBeLessThan(1200);
    expect(await read(metrics, 'claudecode_requests_total')).toEqual({
      'endpoint="other",method="other",status_class="2xx",profile="other"': 500,
    });
    expect(Object.keys(await read(metrics, 'claudecode_cost_usd_total'))).toHaveLength(101);
  });
});

test('gauges are read when somebody looks', async () => {
  let dropped = 3;
  let liveClients = 1;
  const metrics = create({
    records: () => ({ waiting: 7, dropped, droppedDetails: 2 }),
    liveClients: () => liveClients,
    budgetAlerts: () => ({ delivered: 2, failed: 1 }),
  });
  expect(await read(metrics, 'claudecode_records_dropped_total')).toEqual({ '': 3 });
  dropped = 5;
  liveClients = 2;
  expect(await read(metrics, 'claudecode_records_dropped_total')).toEqual({ '': 5 });
  expect(await read(metrics, 'claudecode_record_details_dropped_total')).toEqual({ '': 2 });
  expect(await read(metrics, 'claudecode_records_waiting')).toEqual({ '': 7 });
  expect(await read(metrics, 'claudecode_live_clients')).toEqual({ '': 2 });
  expect(await read(metrics, 'claudecode_budget_alerts_delivered_total')).toEqual({ '': 2 });
  expect(await read(metrics, 'claudecode_budget_alerts_failed_total')).toEqual({ '': 1 });
  expect(await read(metrics, 'claudecode_processes_running')).toEqual({ '': 3 });
  expect(await read(metrics, 'claudecode_queue_length')).toEqual({ '': 4 });
  expect(await read(metrics, 'claudecode_info')).toEqual({ 'version="1.2.3"': 1 });
});

test('figures of the process are there, and those of two servers do not mix', async () => {
  const [one, two] = [create(), create()];
  one.count(sampleRecord());
  expect(await read(two, 'claudecode_requests_total')).toEqual({});
  const { body, contentType } = await two.read();
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const name of [
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_seconds',
    'nodejs_heap_size_used_bytes',
  ])
    expect(body).toContain(`\n${name} `);
});

import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { RequestRecord } from '../../contract/index.ts';
import { BoundedLabel } from './bounded-label.ts';
import type { GaugeSources } from './gauge-sources.ts';
import { addGauges } from './gauges.ts';

/** What may be told as a label; everything else is `other`. */
export interface KnownNames {
  /** The pattern of a route. */
  isEndpoint(name: string): boolean;
  /** As the engine lists it, or the full id behind that. */
  isModel(name: string): boolean;
  isProfile(name: string): boolean;
  /** A tool of Claude Code itself. */
  isTool(name: string): boolean;
}

export interface Metrics {
  /** Counts a request that is over. */
  count(record: RequestRecord): void;
  /** All figures in Prometheus' text format. Sources are read now. */
  read(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Seconds. A turn takes from a fraction of a second to half an hour. */
const durationBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800];
const firstTokenBuckets = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 30, 60];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** Codes with which a request is turned away for its number or its spending: ours, and those that clients are told. */
const refusals = new Set([
  ...['key_rate_limited', 'key_quota_exceeded', 'run_budget_exceeded', 'workspace_full', 'queue_full'],
  ...['rate_limited', 'quota_exceeded', 'rate_limit_exceeded', 'insufficient_quota'],
]);

/** The server's figures, in a registry of their own: several servers in one process do not mix. */
export function createMetrics(sources: GaugeSources, known: KnownNames): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addGauges(registry, sources);

  const requests = new Counter({
    name: 'claudecode_requests_total',
    help: 'Requests and background runs that are over.',
    labelNames: ['endpoint', 'method', 'status_class', 'profile'],
    registers,
  });
  const durations = new Histogram({
    name: 'claudecode_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    labelNames: ['endpoint'],
    buckets: durationBuckets,
    registers,
  });
  const firstTokens = new Histogram({
    name: 'claudecode_time_to_first_token_seconds',
    help: 'From the arrival of a request to the first text, thinking or call of the answer.',
    labelNames: ['endpoint'],
    buckets: firstTokenBuckets,
    registers,
  });
  const tokens = new Counter({
    name: 'claudecode_tokens_total',
    help: 'Tokens; input has cached_input and cache_write in it, output has thinking.',
    labelNames: ['kind', 'model'],
    registers,
  });
  const cost = new Counter({
    name: 'claudecode_cost_usd_total',
    help: "US dollars by the engine's price list.",
    labelNames: ['model'],
    registers,
  });
  const upstreamCalls = new Counter({
    name: 'claudecode_upstream_calls_total',
    help: 'Calls of the model.',
    labelNames: ['model'],
    registers,
  });
  const toolCalls = new Counter({
    name: 'claudecode_tool_calls_total',
    help: "Calls of tools; those of clients and of MCP servers are 'other'.",
    labelNames: ['tool'],
    registers,
  });
  const refused = new Counter({
    name: 'claudecode_rate_limit_refusals_total',
    help: 'Requests that were turned away for their number or their spending, by us or upstream.',
    labelNames: ['reason'],
    registers,
  });
  const queueRefusals = new Counter({
    name: 'claudecode_queue_refusals_total',
    help: 'Requests that were turned away because the queue was full.',
    registers,
  });

  const endpoints = new BoundedLabel(known.isEndpoint);
  const models = new BoundedLabel(known.isModel);
  const profiles = new BoundedLabel(known.isProfile);
  const tools = new BoundedLabel(known.isTool);

  return {
    count(record) {
      const endpoint = endpoints.of(record.endpoint);
      requests.inc({
        endpoint,
        method: methods.has(record.method) ? record.method : 'other',
        status_class: `${Math.trunc(record.status / 100)}xx`,
        profile: profiles.of(record.profile),
      });
      durations.observe({ endpoint }, record.durationMs / 1000);
      if (record.firstTokenMs !== null) firstTokens.observe({ endpoint }, record.firstTokenMs / 1000);
      const model = models.of(record.modelUsed);
      for (const [kind, amount] of tokenKinds(record)) if (amount > 0) tokens.inc({ kind, model }, amount);
      if (record.costUsd !== null && record.costUsd > 0) cost.inc({ model }, record.costUsd);
      if (record.upstreamCalls > 0) upstreamCalls.inc({ model }, record.upstreamCalls);
      for (const [tool, calls] of Object.entries(record.tools)) {
        if (calls > 0) toolCalls.inc({ tool: tools.of(tool) }, calls);
      }
      const { errorCode } = record;
      if (errorCode !== null && refusals.has(errorCode)) refused.inc({ reason: errorCode });
      else if (record.status === 429) refused.inc({ reason: 'other' });
      if (errorCode === 'queue_full') queueRefusals.inc();
    },
    read: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function tokenKinds(record: RequestRecord): [kind: string, amount: number][] {
  return [
    ['input', record.inputTokens],
    ['cached_input', record.cachedInputTokens],
    ['cache_write', record.cacheWriteTokens],
    ['output', record.outputTokens],
    ['thinking', record.thinkingTokens],
  ];
}

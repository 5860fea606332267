import type { ActiveRun, LiveMetrics, RequestRecord, Stats, StatsQuery } from '../../contract/index.ts';

const usage = {
  inputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 3,
  thinkingTokens: 0,
  costUsd: 0.001,
  upstreamCalls: 1,
};

export function recordOf(id: string, change: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id,
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    endpoint: '/v1/chat/completions',
    method: 'POST',
    transport: 'http',
    status: 200,
    errorCode: null,
    errorMessage: null,
    durationMs: 12,
    firstTokenMs: 5,
    owner: 'local',
    keyId: null,
    keyName: null,
    modelAsked: 'gpt-5',
    modelUsed: 'claude-sonnet-5',
    profile: 'agent',
    stream: false,
    source: 'new',
    stopReason: 'end',
    ...usage,
    tools: { Read: 2 },
    files: ['a.txt'],
    conversation: null,
    responseId: 'chatcmpl-1',
    client: 'curl/8',
    address: '127.0.0.1',
    ...change,
  };
}

export function activeRunOf(id: string): ActiveRun {
  return {
    id,
    startedAt: 1,
    endpoint: '/v1/responses',
    transport: 'http',
    keyId: null,
    keyName: null,
    model: null,
    profile: null,
    client: null,
    address: null,
    state: 'running',
    activity: null,
    firstTokenMs: null,
    usage,
  };
}

export function emptyStats({ from, to, step }: StatsQuery): Stats {
  const total = {
    requests: 0,
    errors: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    thinkingTokens: 0,
    costUsd: 0,
    durationP50: null,
    durationP95: null,
    durationP99: null,
    firstTokenP50: null,
    firstTokenP95: null,
  };
  return { step: step ?? 'hour', from, to, total, series: [] };
}

export const quietMetrics: LiveMetrics = {
  at: 1,
  activeRuns: 0,
  requestsPerMinute: 0,
  errorsPerMinute: 0,
  outputTokensPerMinute: 0,
  costUsdPerMinute: 0,
  durationP50: null,
  durationP95: null,
  firstTokenP50: null,
  pool: { maxProcesses: 4, running: 0, idle: 0, spares: 0, queued: 0, queueLimit: 64 },
  memoryBytes: 1,
  cpuPercent: 0,
  eventLoopDelayMs: 0,
  uptimeSeconds: 1,
  recordsWaiting: 0,
  recordsDropped: 0,
};

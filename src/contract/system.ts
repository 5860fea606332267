import { z } from 'zod';
import { json, time } from './common.ts';

/** One thing that `doctor` looked at. */
export const check = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  message: z.string(),
  /** What to do about it. */
  hint: z.string().nullable(),
});
export type Check = z.output<typeof check>;

const pool = z.object({
  maxProcesses: z.int(),
  running: z.int(),
  idle: z.int(),
  spares: z.int(),
  queued: z.int(),
  queueLimit: z.int(),
});

/** Sent each second on the channel `metrics`. */
export const liveMetrics = z.object({
  at: time,
  activeRuns: z.int(),
  /** Of the last 60 seconds. */
  requestsPerMinute: z.int(),
  errorsPerMinute: z.int(),
  outputTokensPerMinute: z.int(),
  costUsdPerMinute: z.number(),
  durationP50: z.number().nullable(),
  durationP95: z.number().nullable(),
  firstTokenP50: z.number().nullable(),
  pool,
  /** Of the server itself. */
  memoryBytes: z.int(),
  cpuPercent: z.number(),
  eventLoopDelayMs: z.number(),
  uptimeSeconds: z.int(),
  recordsWaiting: z.int(),
  recordsDropped: z.int(),
});
export type LiveMetrics = z.output<typeof liveMetrics>;

export const systemEndpoints = {
  getHealth: {
    method: 'GET',
    path: '/api/webui/health',
    access: 'viewer',
    tag: 'System',
    summary: 'What `claudecode-api doctor` tells, from within the server.',
    response: z.object({ checks: z.array(check), version: z.string(), node: z.string() }),
  },
  getMetrics: {
    method: 'GET',
    path: '/api/webui/metrics',
    access: 'viewer',
    tag: 'System',
    summary: 'The figures of this moment.',
    response: liveMetrics,
  },
  getLogTail: {
    method: 'GET',
    path: '/api/webui/logs',
    access: 'admin',
    tag: 'System',
    summary: 'The last lines of the log, newest last.',
    response: z.object({ lines: z.array(z.record(z.string(), json)) }),
  },
} as const;

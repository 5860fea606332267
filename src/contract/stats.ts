import { z } from 'zod';
import { numeric, time } from './common.ts';

/** Figures of a stretch of time. Percentiles are read off a histogram: exact to the width of its buckets. */
export const figures = z.object({
  requests: z.int(),
  errors: z.int(),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  outputTokens: z.int(),
  thinkingTokens: z.int(),
  costUsd: z.number(),
  /** Milliseconds; null without a request. */
  durationP50: z.number().nullable(),
  durationP95: z.number().nullable(),
  durationP99: z.number().nullable(),
  firstTokenP50: z.number().nullable(),
  firstTokenP95: z.number().nullable(),
});
export type Figures = z.output<typeof figures>;

export const dimension = z.enum(['total', 'model', 'key', 'endpoint']);
export type Dimension = z.output<typeof dimension>;

export const statsQuery = z.object({
  from: numeric(0, 1e15),
  to: numeric(0, 1e15),
  /** Absent: what suits the range. */
  step: z.enum(['minute', 'hour', 'day']).optional(),
  /** `owner` and `tag` are those that the keys have now; a key with two tags counts in both. */
  by: z.enum([...dimension.options, 'owner', 'tag']).default('total'),
});
export type StatsQuery = z.output<typeof statsQuery>;

export const stats = z.object({
  step: z.enum(['minute', 'hour', 'day']),
  from: time,
  to: time,
  total: figures,
  /**
   * One for each model, key, endpoint, owner or tag, by requests; `label` is what to show, and `value` is empty where a request had
   * none. At most 50. Where all their points would be more than 2000, the last have none.
   */
  series: z.array(
    z.object({
      value: z.string(),
      label: z.string(),
      total: figures,
      points: z.array(figures.extend({ at: time })),
    }),
  ),
});
export type Stats = z.output<typeof stats>;

export const statsEndpoints = {
  getStats: {
    method: 'GET',
    path: '/api/webui/stats',
    access: 'viewer',
    tag: 'Statistics',
    summary: 'Requests, errors, durations, tokens and cost over a range.',
    query: statsQuery,
    response: stats,
  },
} as const;

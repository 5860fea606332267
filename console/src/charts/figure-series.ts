import type { Figures } from '../../../src/contract/index.ts';
import type { ChartSeries } from './chart-data.ts';

/** Values on the grid of a chart. */
type Counts = (figureOf: (figures: Figures) => number) => ChartSeries['values'];

/** Tokens of the statistics, as charts show them everywhere. */
export function tokenSeries(counts: Counts): ChartSeries[] {
  return [
    {
      id: 'in',
      label: 'Input, new',
      values: counts((one) => Math.max(0, one.inputTokens - one.cachedInputTokens)),
    },
    {
      id: 'cached',
      label: 'Input, from the cache',
      color: 'muted',
      values: counts((one) => one.cachedInputTokens),
    },
    { id: 'out', label: 'Output', values: counts((one) => one.outputTokens) },
  ];
}

/** Requests of the statistics, answered and failed. */
export function requestSeries(counts: Counts): ChartSeries[] {
  return [
    {
      id: 'ok',
      label: 'Answered',
      color: 'accent',
      values: counts((one) => one.requests - one.errors),
    },
    { id: 'errors', label: 'Failed', color: 'danger', values: counts((one) => one.errors) },
  ];
}

import type { StatsQuery } from '../../contract/index.ts';
import { granularityMs, keptMs, type Step, steps } from './roll-up-steps.ts';

/** The longest ranges that are shown by minute and by hour, unless a step is asked for. */
const suits: Readonly<Record<Step, number>> = {
  minute: 3 * granularityMs.hour,
  hour: 14 * granularityMs.day,
  day: Number.POSITIVE_INFINITY,
};

/** How many points each series may have, where hours or minutes are asked for. */
const mostPoints = { total: 1500, series: 400 };

/**
 * The finest step from the one asked for on (else from the one that suits the range) whose sums are still kept at the
 * range's beginning, and which makes no more points than can be shown.
 */
export function chooseStep({ from, to, step: asked, by }: StatsQuery, now: number): Step {
  const range = to - from;
  const most = by === 'total' ? mostPoints.total : mostPoints.series;
  const finest = asked ?? steps.find((step) => range <= suits[step]) ?? 'day';
  return (
    steps
      .slice(steps.indexOf(finest))
      .find((step) => range <= most * granularityMs[step] && from >= now - keptMs[step]) ?? 'day'
  );
}

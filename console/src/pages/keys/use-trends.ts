import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { onGrid, timeGrid } from '../../charts/chart-data.ts';
import type { Trends } from './columns.tsx';

const day = 86_400_000;
const days = 14;
/** Of so many keys the server tells the course at most. */
const mostSeries = 50;

/** How many requests each key had on each of the last days. */
export function useTrends(): Trends {
  const to = Math.ceil(Date.now() / day) * day;
  const from = to - days * day;
  const { data } = useApi(
    'getStats',
    { query: { from, to, step: 'day', by: 'key' } },
    { staleTime: 60_000, refetchInterval: 60_000 },
  );
  return useMemo(() => {
    const grid = timeGrid(from, to, day);
    const known = new Map(
      data?.series.map(({ value, points }) => [
        value,
        onGrid(grid, points, ({ requests }) => requests, 0).map((count) => count ?? 0),
      ]),
    );
    const quiet = grid.map(() => 0);
    // A key that is not told of had no requests, unless there were too many others.
    const rest = data !== undefined && data.series.length < mostSeries ? quiet : undefined;
    return (id) => known.get(id) ?? rest;
  }, [data, from, to]);
}

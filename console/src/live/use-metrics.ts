import { useState } from 'react';
import type { LiveMetrics } from '../../../src/contract/index.ts';
import { useApi } from '../api/use-api.ts';
import { useChannel } from './live.ts';

/** A minute and a half. */
const kept = 90;

/** The figures of this moment, each second anew, and their course while the page is shown. */
export function useMetrics() {
  const query = useApi('getMetrics', {}, { staleTime: 0 });
  const [course, setCourse] = useState<readonly LiveMetrics[]>([]);
  useChannel('metrics', (event) => {
    if (event.type === 'metrics') setCourse((before) => [...before.slice(1 - kept), event.data]);
  });
  return { now: course.at(-1) ?? query.data, course, query };
}

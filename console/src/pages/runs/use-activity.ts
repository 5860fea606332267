import { useState } from 'react';
import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { useChannel } from '../../live/live.ts';
import { type Activity, foldEvent, mergeActivity } from './merge-activity.ts';

const nothing: Activity = { active: new Map(), ended: [] };

/** So many that ended are shown. */
const endedShown = 50;

/** What was running when the page was left says nothing of now. */
const ofNow = { staleTime: 0, gcTime: 0 };

/** What runs now, oldest first, and what ended last, as it happens. */
export function useActivity() {
  const runs = useApi('listRuns', {}, ofNow);
  const records = useApi('listRecords', { query: { limit: endedShown } }, ofNow);
  const [told, setTold] = useState(nothing);
  const again = (): void => {
    setTold(nothing);
    void runs.refetch();
    void records.refetch();
  };
  useChannel('requests', (event) => setTold((before) => foldEvent(before, event, endedShown)), again);
  const asked: { readonly runs: readonly ActiveRun[]; readonly records: readonly RequestRecord[] } = {
    runs: runs.data?.items ?? [],
    records: records.data?.items ?? [],
  };
  return { ...mergeActivity(asked, told, endedShown), runs, records };
}

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer } from '../../api/call-types.ts';
import { useApi } from '../../api/use-api.ts';
import { useChannel } from '../../live/live.ts';
import { type Activity, foldEvent, mergeActivity, withoutEnded } from './merge-activity.ts';

const nothing: Activity = { active: new Map(), ended: [] };
const none: readonly never[] = [];

/** What was running when the page was left says nothing of now. */
const ofNow = { staleTime: 0, gcTime: 0 };

/** What runs now, oldest first, and the `most` requests that ended last, as it happens. */
export function useActivity(most: number) {
  const client = useQueryClient();
  const runs = useApi('listRuns', {}, ofNow);
  const records = useApi('listRecords', { query: { limit: most } }, ofNow);
  const [told, setTold] = useState(nothing);
  const again = (): void => {
    setTold(nothing);
    void runs.refetch();
    void records.refetch();
  };
  const forget = (id: string): void =>
    void client.setQueriesData<Answer<'listRuns'>>({ queryKey: ['listRuns'] }, (before) => {
      if (before === undefined) return undefined;
      const items = withoutEnded(before.items, told, id);
      return items === before.items ? before : { ...before, items: [...items] };
    });
  useChannel(
    'requests',
    (event) => {
      if (event.type === 'request_ended') forget(event.data.id);
      setTold((before) => foldEvent(before, event, most));
    },
    again,
  );
  const asked = { runs: runs.data?.items ?? none, records: records.data?.items ?? none };
  return { ...mergeActivity(asked, told, most), runs, records };
}

import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type {
  ActiveRun,
  RecordDetail,
  RequestRecord,
  TimelineEntry,
} from '../../../../src/contract/index.ts';
import { ConsoleError } from '../../api/console-error.ts';
import { useApi } from '../../api/use-api.ts';
import { useLiveRun } from './use-live-run.ts';

export interface ShownRequest {
  readonly state: 'loading' | 'live' | 'ended' | 'missing' | 'failed';
  readonly run: ActiveRun | undefined;
  readonly record: RequestRecord | undefined;
  readonly entries: readonly TimelineEntry[] | undefined;
  readonly detail: RecordDetail | undefined;
  /** `none`: nothing was kept, by the settings or because it is too old. */
  readonly detailState: 'loading' | 'there' | 'none' | 'failed';
  readonly error: unknown;
  readonly retry: () => void;
}

/** A record is written a moment after the end: so many times it is asked for, each time a little later. */
const mostTries = 6;
const waitMs = 700;

/** A request by its id, whether it is under way or over; when it ends, its record takes over. */
export function useRequest(id: string): ShownRequest {
  const [found, setFound] = useState(false);
  const live = useLiveRun(id, !found);
  const wasLive = live.timeline !== undefined;
  const over = found || live.state === 'ended' || live.state === 'absent';
  const settled = useAfter(waitMs, over && wasLive);
  const params = { params: { id } };
  const mayAsk = over && (!wasLive || settled);
  const tries = wasLive ? mostTries : 1;

  const recordQuery = useApi('getRecord', params, {
    enabled: mayAsk && live.record === undefined,
    staleTime: kept,
  });
  const stored = useRetries(recordQuery, tries);
  const record = recordQuery.data ?? live.record;
  const detailQuery = useApi('getRecordDetail', params, {
    enabled: mayAsk && record !== undefined,
    staleTime: kept,
  });
  const detail = useRetries(detailQuery, tries);

  useEffect(() => {
    if (recordQuery.data !== undefined && !wasLive) setFound(true);
  }, [recordQuery.data, wasLive]);

  const base = {
    run: live.run,
    record,
    entries: detailQuery.data?.timeline ?? live.timeline?.entries,
    detail: detailQuery.data,
    detailState: record === undefined ? ('loading' as const) : detail,
    retry: () => {
      if (live.state === 'failed') live.refetch();
      else if (record === undefined) void recordQuery.refetch();
      else void detailQuery.refetch();
    },
  };
  if (record !== undefined) return { ...base, state: 'ended', error: detailQuery.error };
  if (live.state === 'live') return { ...base, state: 'live', error: null };
  if (live.state === 'failed') return { ...base, state: 'failed', error: live.error };
  if (stored === 'loading' || !mayAsk) return { ...base, state: 'loading', error: null };
  return { ...base, state: stored === 'none' ? 'missing' : 'failed', error: recordQuery.error };
}

/** What is over does not change. */
const kept = Number.POSITIVE_INFINITY;

/** Asks for what is about to be written, a few times. */
function useRetries(query: UseQueryResult<unknown>, tries: number): ShownRequest['detailState'] {
  const { data, error, refetch, isFetching } = query;
  const [tried, setTried] = useState(1);
  const absent = error instanceof ConsoleError && error.status === 404;
  const more = absent && data === undefined && tried < tries;
  useEffect(() => {
    if (!more || isFetching) return undefined;
    const timer = setTimeout(() => {
      setTried(tried + 1);
      void refetch();
    }, waitMs * tried);
    return () => clearTimeout(timer);
  }, [more, isFetching, tried, refetch]);
  if (data !== undefined) return 'there';
  if (error === null || more || isFetching) return 'loading';
  return absent ? 'none' : 'failed';
}

/** True so many milliseconds after it has begun to be. */
function useAfter(ms: number, begun: boolean): boolean {
  const [after, setAfter] = useState(false);
  useEffect(() => {
    if (!begun) return undefined;
    const timer = setTimeout(() => setAfter(true), ms);
    return () => clearTimeout(timer);
  }, [begun, ms]);
  return after;
}

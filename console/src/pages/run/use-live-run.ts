import { useEffect, useRef, useState } from 'react';
import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { ConsoleError } from '../../api/console-error.ts';
import { useApi } from '../../api/use-api.ts';
import { useChannel, useLiveState } from '../../live/live.ts';
import { type LiveTimeline, type RunEvent, takeEvents } from './timeline/live-timeline.ts';

export interface LiveRun {
  /** Undefined: not under way on this server, or not known yet. */
  readonly run: ActiveRun | undefined;
  readonly timeline: LiveTimeline | undefined;
  /** As it was told when the run ended while it was watched. */
  readonly record: RequestRecord | undefined;
  readonly state: 'loading' | 'live' | 'ended' | 'absent' | 'failed';
  readonly error: unknown;
  readonly refetch: () => void;
}

/** Texts come in pieces, ten times a second and more: they are taken together. */
const gatherMs = 80;
/** Whatever was told between the question and the subscription is found by asking once more. */
const secondLookMs = 1500;

/** Watches a run that is under way, until its end. */
export function useLiveRun(id: string, enabled: boolean): LiveRun {
  const [timeline, setTimeline] = useState<LiveTimeline>();
  const [progress, setProgress] = useState<ActiveRun>();
  const [record, setRecord] = useState<RequestRecord>();
  const waiting = useRef<RunEvent[]>([]);
  const known = useRef<LiveTimeline>(undefined);
  const connection = useLiveState();
  const [underWay, setUnderWay] = useState<boolean>();
  const unsure = enabled && underWay === undefined;
  const runs = useApi('listRuns', {}, { enabled: unsure, staleTime: 0 });
  useEffect(() => {
    if (unsure && runs.data !== undefined && !runs.isFetching)
      setUnderWay(runs.data.items.some((one) => one.id === id));
  }, [unsure, runs.data, runs.isFetching, id]);
  const watching = enabled && underWay === true && record === undefined;
  const { data, error, refetch, isFetching } = useApi(
    'getRun',
    { params: { id } },
    { enabled: watching, staleTime: 0 },
  );
  const again = (): void => {
    if (watching) void refetch();
  };

  const take = (): void => {
    if (known.current === undefined) return;
    const taken = takeEvents(known.current, waiting.current);
    waiting.current = [];
    if (taken.timeline !== known.current) {
      known.current = taken.timeline;
      setTimeline(taken.timeline);
    }
    if (taken.missed) again();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer, not another function.
  useEffect(() => {
    if (data === undefined || data.seq < (known.current?.seq ?? -1)) return;
    known.current = { seq: data.seq, entries: data.timeline };
    setTimeline(known.current);
    setProgress(data.run);
    take();
  }, [data]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useChannel(
    watching ? `run:${id}` : null,
    (event) => {
      if (event.type !== 'run_entry') return;
      waiting.current.push({ seq: event.seq, data: event.data });
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        take();
      }, gatherMs);
    },
    again,
  );
  useChannel(
    watching ? 'requests' : null,
    (event) => {
      if (event.type === 'request_ended' && event.data.id === id) {
        take();
        setRecord(event.data);
      } else if (
        (event.type === 'request_progress' || event.type === 'new_request') &&
        event.data.id === id
      ) {
        setProgress(event.data);
      }
    },
    again,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each connection.
  useEffect(() => {
    if (!watching || connection !== 'live') return undefined;
    const later = setTimeout(again, secondLookMs);
    return () => clearTimeout(later);
  }, [connection, watching]);
  useEffect(() => () => clearTimeout(timer.current), []);

  if (runs.error !== null && unsure) {
    return {
      run: undefined,
      timeline: undefined,
      record,
      state: 'failed',
      error: runs.error,
      refetch: () => void runs.refetch(),
    };
  }
  const gone = underWay === false || (error instanceof ConsoleError && error.status === 404);
  const state =
    record !== undefined
      ? 'ended'
      : gone && !isFetching
        ? timeline === undefined
          ? 'absent'
          : 'ended'
        : timeline !== undefined
          ? 'live'
          : error !== null && !gone
            ? 'failed'
            : 'loading';
  return { run: progress, timeline, record, state, error, refetch: again };
}

import { useQueryClient } from '@tanstack/react-query';
import { FileQuestion } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { RecordDetail } from '../../../../src/contract/index.ts';
import { refetchAll } from '../../api/use-api.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { RequestActions } from './actions/request-actions.tsx';
import { BodyView } from './body-view.tsx';
import { ErrorBanner, hasFailed } from './error-banner.tsx';
import { Facts } from './facts.tsx';
import { RecordFigures, RunFigures, RunLine } from './figures.tsx';
import { HeadersView } from './headers-view.tsx';
import { RequestHeading, RequestSubtitle } from './heading.tsx';
import { NothingKept } from './keep-more.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { useRequest } from './use-request.ts';

const tabNames = ['timeline', 'request', 'response', 'headers', 'facts'] as const;
type TabName = (typeof tabNames)[number];

interface RequestDetailProps {
  readonly id: string;
  /** Where one came from. */
  readonly from: 'runs' | 'records';
  readonly tab: string | undefined;
  readonly onTab: (tab: string) => void;
}

/** One request, while it runs and after. */
export function RequestDetail({ id, from, tab, onTab }: RequestDetailProps) {
  // Another request begins from nothing.
  return <Detail key={id} id={id} from={from} tab={tab} onTab={onTab} />;
}

function Detail({ id, from, tab, onTab }: RequestDetailProps) {
  const request = useRequest(id);
  const { state, run, record, entries, detail, detailState } = request;
  const before = useRef(state);
  const client = useQueryClient();
  useEffect(() => {
    const hasEnded = before.current === 'live' && state === 'ended';
    before.current = state;
    if (hasEnded) void refetchAll(client, ['listRuns', 'listRecords']);
  }, [state, client]);
  const live = state === 'live';
  const back =
    from === 'runs'
      ? { label: 'Runs', link: { to: '/runs' as const } }
      : { label: 'Records', link: { to: '/records' as const } };
  const subject = record ?? run;
  const shown = tabNames.find((name) => name === tab) ?? 'timeline';

  if (state === 'missing' || state === 'failed') {
    return (
      <Page title="Request" back={back}>
        <div className="rounded-lg border border-line bg-surface">
          {state === 'failed' ? (
            <ErrorState error={request.error} onRetry={request.retry} />
          ) : (
            <EmptyState icon={FileQuestion} title="There is no such request">
              Nothing called {id} runs on this server, and no record of it is kept. It may have been deleted
              by age (RECORD_RETENTION_DAYS), or it runs on another server.
            </EmptyState>
          )}
        </div>
      </Page>
    );
  }
  if (subject === undefined) {
    return (
      <Page title="Request" back={back}>
        <Skeleton className="h-20 rounded-lg" />
        <SkeletonRows rows={8} label="Loading the request" />
      </Page>
    );
  }

  const timeline =
    entries !== undefined && entries.length > 0 ? (
      <Timeline
        entries={entries}
        startedAt={subject.startedAt}
        live={live}
        truncated={detail?.truncated ?? false}
        {...(live && run !== undefined && { summary: <RunLine run={run} /> })}
      />
    ) : live ? (
      <Empty
        title="Nothing has happened yet"
        text="The run waits for a free process, or for the model’s first words."
      />
    ) : detailState === 'loading' ? (
      <SkeletonRows rows={8} label="Loading the timeline" />
    ) : detailState === 'failed' ? (
      <ErrorState error={request.error} onRetry={request.retry} />
    ) : detailState === 'there' ? (
      <Empty
        title="No agent was at work"
        text="This request was answered without a run, so that there is nothing to tell."
      />
    ) : (
      <NothingKept what="The timeline" />
    );

  const withDetail = (
    { what, are = 'is' }: { readonly what: string; readonly are?: 'is' | 'are' },
    show: (kept: RecordDetail) => React.ReactNode,
  ) => {
    if (detail !== undefined) return show(detail);
    if (live) return <Empty title="Not yet" text={`The ${what} ${are} shown once the run is over.`} />;
    if (detailState === 'loading') return <SkeletonRows rows={8} label={`Loading the ${what}`} />;
    if (detailState === 'failed') return <ErrorState error={request.error} onRetry={request.retry} />;
    return <NothingKept what={`The ${what}`} are={are} />;
  };
  const body = (name: 'request' | 'response') =>
    withDetail({ what: name }, (kept) => (
      <BodyView
        title={name === 'request' ? 'Request' : 'Response'}
        body={kept[name]}
        filename={`${id}.${name}.json`}
        truncated={kept.truncated}
      />
    ));

  const tabs: readonly { value: TabName; label: string; content: React.ReactNode }[] = [
    { value: 'timeline', label: 'Timeline', content: timeline },
    { value: 'request', label: 'Request', content: body('request') },
    { value: 'response', label: 'Response', content: body('response') },
    {
      value: 'headers',
      label: 'Headers',
      content: withDetail({ what: 'headers', are: 'are' }, (kept) => (
        <HeadersView detail={kept} transport={record?.transport ?? 'http'} />
      )),
    },
    {
      value: 'facts',
      label: 'Facts',
      content:
        record === undefined ? (
          <Empty title="Not yet" text="They are put together when the run is over." />
        ) : (
          <Facts record={record} />
        ),
    },
  ];

  return (
    <Page
      title={`Request ${subject.id}`}
      heading={<RequestHeading subject={subject} />}
      description={<RequestSubtitle subject={subject} />}
      back={back}
      actions={
        <RequestActions id={id} run={run} record={record} entries={entries} detail={detail} live={live} />
      }
    >
      <p role="status" className="sr-only">
        {live
          ? 'The run is under way'
          : record === undefined
            ? ''
            : `The run is over, status ${record.status}`}
      </p>
      {record !== undefined ? (
        <RecordFigures record={record} />
      ) : (
        run !== undefined && <RunFigures run={run} />
      )}
      {record !== undefined && hasFailed(record) && <ErrorBanner record={record} />}
      <Tabs label="Parts of the request" value={shown} onChange={onTab} tabs={tabs} />
    </Page>
  );
}

function Empty({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <EmptyState title={title}>{text}</EmptyState>
    </div>
  );
}

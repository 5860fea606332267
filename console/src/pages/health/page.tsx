import { RefreshCw } from 'lucide-react';
import { useApi } from '../../api/use-api.ts';
import { useMetrics } from '../../live/use-metrics.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import { CheckCards, Verdict } from './check-cards.tsx';
import { ProcessPool } from './process-pool.tsx';
import { RecordFigures } from './record-figures.tsx';
import { ServerFigures } from './server-figures.tsx';
import { writeReport } from './write-report.ts';

export function HealthPage() {
  const health = useApi('getHealth', {}, { staleTime: 0, refetchInterval: 60_000 });
  const { now, course, query: metrics } = useMetrics();
  const records = useApi('recordStatus', {}, { staleTime: 0, refetchInterval: 15_000 });
  const refresh = (): void => {
    void health.refetch();
    void metrics.refetch();
    void records.refetch();
  };
  const { data } = health;
  return (
    <Page
      title="Health"
      description="What the server finds when it looks at itself."
      actions={
        <>
          {data !== undefined && (
            <CopyButton
              wide
              label="Copy report"
              className="h-8 px-3 text-sm pointer-coarse:h-10"
              text={() => writeReport(data, now, records.data, Date.now())}
            />
          )}
          <Button icon={RefreshCw} busy={health.isFetching} onClick={refresh}>
            Refresh
          </Button>
        </>
      }
    >
      {data !== undefined ? (
        <section aria-label="Result of the checks" className="flex flex-col gap-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <Verdict checks={data.checks} />
            <p className="text-sm text-faint">
              claudecode-api {data.version} · Node.js {data.node.replace(/^v/, '')} · looked{' '}
              <TimeText at={health.dataUpdatedAt} />
            </p>
          </div>
          {health.error !== null && (
            <ErrorState error={health.error} onRetry={health.refetch} title="The last look failed" />
          )}
          <CheckCards checks={data.checks} />
        </section>
      ) : health.error !== null ? (
        <ErrorState error={health.error} onRetry={health.refetch} title="The server could not be asked" />
      ) : (
        <Waiting />
      )}
      {now !== undefined ? (
        <ServerFigures now={now} course={course} />
      ) : metrics.error !== null ? (
        <ErrorState error={metrics.error} onRetry={metrics.refetch} title="The figures could not be loaded" />
      ) : (
        <Skeleton className="h-28 w-full rounded-lg" />
      )}
      <div className="grid items-start gap-5 lg:grid-cols-2">
        {now !== undefined && <ProcessPool now={now} course={course} />}
        {records.data !== undefined ? (
          <RecordFigures status={records.data} live={now} />
        ) : records.error !== null ? (
          <ErrorState
            error={records.error}
            onRetry={records.refetch}
            title="The state of the records could not be loaded"
          />
        ) : (
          <Skeleton className="h-52 w-full rounded-lg" />
        )}
      </div>
    </Page>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Looking" className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} className="h-20 rounded-lg" />
      ))}
    </div>
  );
}

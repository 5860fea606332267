import { getRouteApi, Link } from '@tanstack/react-router';
import { Activity, Inbox } from 'lucide-react';
import { useMemo } from 'react';
import { useSession } from '../../session/use-session.ts';
import { buttonStyle } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import { activeColumns, endedColumns } from './columns.tsx';
import { fitsText } from './fits-text.ts';
import { readRunsSearch } from './search.ts';
import { useActivity } from './use-activity.ts';

const route = getRouteApi('/runs');
/** So many that ended are shown. */
const endedShown = 50;

/** What runs on this server now, and what ended last. */
export function RunsPage() {
  const search = route.useSearch();
  const { text = '' } = search;
  const navigate = route.useNavigate();
  const { isAdmin } = useSession();
  const { active, ended, runs, records } = useActivity(endedShown);
  const columns = useMemo(() => activeColumns(isAdmin), [isAdmin]);
  const shownActive = active.filter((run) => fitsText(run, text));
  const shownEnded = ended.filter((record) => fitsText(record, text));
  return (
    <Page
      title="Runs"
      description="What this server works on now. Open a run to watch it."
      actions={
        <>
          <SearchInput
            label="Find a run"
            value={text}
            onChange={(next) =>
              void navigate({ search: (before) => readRunsSearch({ ...before, text: next }), replace: true })
            }
          />
          <ViewsMenu
            page="runs"
            search={search}
            read={readRunsSearch}
            onSearch={(next, replace) => void navigate({ search: next, replace })}
          />
        </>
      }
    >
      <section className="flex min-w-0 flex-col gap-2" aria-labelledby="under-way">
        <h2 id="under-way" className="flex items-baseline gap-2 text-base font-semibold">
          Under way
          <span aria-live="polite" className="text-sm font-normal text-faint">
            {active.length === 0 ? 'none' : active.length}
          </span>
        </h2>
        {runs.error !== null && active.length === 0 ? (
          <div className="rounded-lg border border-line bg-surface">
            <ErrorState error={runs.error} onRetry={runs.refetch} />
          </div>
        ) : (
          <DataTable
            label="Runs under way"
            columns={columns}
            rows={shownActive}
            rowId={({ id }) => id}
            rowLink={({ id }) => ({ to: '/runs/$id', params: { id } })}
            loading={runs.isPending}
            empty={
              text !== '' && active.length > 0 ? (
                <EmptyState icon={Activity} title="None of them fits">
                  {active.length} are under way that have nothing of “{text}”.
                </EmptyState>
              ) : (
                <EmptyState
                  icon={Activity}
                  title="Nothing runs now"
                  action={
                    <Link to="/playground" className={buttonStyle()}>
                      Try the playground
                    </Link>
                  }
                >
                  A run appears here the moment a client asks.
                </EmptyState>
              )
            }
          />
        )}
      </section>
      <section className="flex min-w-0 flex-col gap-2" aria-labelledby="ended">
        <div className="flex items-baseline justify-between gap-4">
          <h2 id="ended" className="text-base font-semibold">
            Recently ended
          </h2>
          <Link to="/records" className="text-sm text-accent hover:underline">
            All records
          </Link>
        </div>
        {records.error !== null && ended.length === 0 ? (
          <div className="rounded-lg border border-line bg-surface">
            <ErrorState error={records.error} onRetry={records.refetch} />
          </div>
        ) : (
          <DataTable
            label="Recently ended"
            columns={endedColumns}
            rows={shownEnded}
            rowId={({ id }) => id}
            rowLink={({ id }) => ({ to: '/records/$id', params: { id } })}
            rowTone={({ status }) => (status >= 500 ? 'danger' : undefined)}
            loading={records.isPending}
            empty={
              <EmptyState icon={Inbox} title={text === '' ? 'No requests yet' : 'None of the last ones fits'}>
                {text === ''
                  ? 'They appear here as they end.'
                  : 'Records has all of them, with more filters.'}
              </EmptyState>
            }
          />
        )}
      </section>
    </Page>
  );
}

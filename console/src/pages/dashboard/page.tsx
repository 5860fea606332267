import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Breakdown } from './breakdown.tsx';
import { Charts } from './charts.tsx';
import { FirstSteps } from './first-steps.tsx';
import { LiveTiles } from './live-tiles.tsx';
import { RecentActivity } from './recent-activity.tsx';

const route = getRouteApi('/');

/** What the server does now, what it did over a range of time, and what came of it. */
export function DashboardPage() {
  const { range = '24h', by = 'model' } = route.useSearch();
  const navigate = route.useNavigate();
  const setRange = (next: string): void =>
    void navigate({ search: (before) => ({ ...before, range: next }) });
  return (
    <Page title="Dashboard" actions={<RangePicker value={range} onChange={setRange} />}>
      <FirstSteps />
      <LiveTiles />
      <Charts range={range} onZoom={setRange} />
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <Breakdown
          range={range}
          by={by}
          onByChange={(next) =>
            void navigate({ search: (before) => ({ ...before, by: next }), replace: true })
          }
        />
        <RecentActivity />
      </div>
    </Page>
  );
}

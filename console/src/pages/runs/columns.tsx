import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { formatCompact, formatDuration, formatMoney } from '../../format/format.ts';
import { RunStateBadge, StatusBadge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Elapsed } from '../../ui/elapsed.tsx';
import { TimeText } from '../../ui/values.tsx';
import { StopRun } from '../run/actions/stop-run.tsx';

const tokens = ({
  inputTokens,
  outputTokens,
}: {
  readonly inputTokens: number;
  readonly outputTokens: number;
}): string => `${formatCompact(inputTokens)} / ${formatCompact(outputTokens)}`;

const nobody = <span className="text-faint">no key</span>;

/** Of runs that are under way. */
export function activeColumns(isAdmin: boolean): readonly Column<ActiveRun>[] {
  return [
    {
      id: 'model',
      header: 'Model',
      width: 150,
      cell: (run) => run.model ?? run.profile ?? run.endpoint,
      card: 'title',
    },
    { id: 'state', header: 'State', width: 100, grow: 0, cell: (run) => <RunStateBadge state={run.state} /> },
    {
      id: 'activity',
      header: 'Now',
      width: 130,
      cell: (run) =>
        run.activity ?? <span className="text-faint">{run.firstTokenMs === null ? 'thinks' : 'writes'}</span>,
    },
    { id: 'key', header: 'API key', width: 120, cell: (run) => run.keyName ?? nobody },
    {
      id: 'profile',
      header: 'Profile',
      width: 100,
      priority: 3,
      cell: (run) => run.profile ?? <span className="text-faint">–</span>,
    },
    {
      id: 'endpoint',
      header: 'Endpoint',
      width: 160,
      priority: 4,
      card: 'hidden',
      cell: (run) => <span className="font-mono text-xs">{run.endpoint}</span>,
    },
    {
      id: 'duration',
      header: 'Runs for',
      width: 90,
      grow: 0,
      align: 'right',
      cell: (run) => <Elapsed since={run.startedAt} />,
    },
    {
      id: 'tokens',
      header: 'In / out',
      width: 110,
      grow: 0,
      align: 'right',
      priority: 1,
      cell: (run) => tokens(run.usage),
    },
    {
      id: 'cost',
      header: 'Cost so far',
      width: 90,
      grow: 0,
      align: 'right',
      priority: 1,
      cell: (run) => formatMoney(run.usage.costUsd),
    },
    ...(isAdmin
      ? [
          {
            id: 'stop',
            header: 'Stop',
            width: 40,
            grow: 0,
            align: 'right' as const,
            cell: (run: ActiveRun) => <StopRun run={run} small />,
          },
        ]
      : []),
  ];
}

/** Of requests that ended. */
export const endedColumns: readonly Column<RequestRecord>[] = [
  {
    id: 'model',
    header: 'Model',
    width: 150,
    card: 'title',
    cell: (record) => record.modelUsed ?? record.modelAsked ?? record.endpoint,
  },
  {
    id: 'status',
    header: 'Status',
    width: 140,
    grow: 0,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: 'what',
    header: 'What',
    width: 160,
    grow: 2,
    priority: 2,
    card: 'hidden',
    cell: (record) => <span className="text-muted">{record.errorMessage ?? toolsOf(record)}</span>,
  },
  { id: 'key', header: 'API key', width: 120, cell: (record) => record.keyName ?? nobody },
  {
    id: 'duration',
    header: 'Took',
    width: 90,
    grow: 0,
    align: 'right',
    cell: (record) => formatDuration(record.durationMs),
  },
  { id: 'tokens', header: 'In / out', width: 110, grow: 0, align: 'right', priority: 1, cell: tokens },
  {
    id: 'cost',
    header: 'Cost',
    width: 90,
    grow: 0,
    align: 'right',
    priority: 1,
    cell: (record) => formatMoney(record.costUsd),
  },
  {
    id: 'ended',
    header: 'Ended',
    width: 100,
    grow: 0,
    align: 'right',
    cell: (record) => <TimeText at={record.startedAt + record.durationMs} className="text-muted" />,
  },
];

function toolsOf({ tools, endpoint }: RequestRecord): string {
  const used = Object.entries(tools).map(([name, count]) => (count > 1 ? `${name} × ${count}` : name));
  return used.length === 0 ? endpoint : used.join(', ');
}

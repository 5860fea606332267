import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { formatNumber } from '../../format/format.ts';
import type { Column } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/values.tsx';
import { BudgetCell } from './budget-cell.tsx';
import { budgetsOf, tightestBudget } from './budgets.ts';
import { describeLimits, describePermissions } from './describe-key.ts';
import { KeyStateBadge } from './key-state-badge.tsx';
import { KeyTags } from './key-tags.tsx';

/** Requests of each of the last days by the key's id; undefined: not known. */
export type Trends = (id: string) => readonly number[] | undefined;

const stateOrder = { active: 0, inactive: 1, expired: 2 } as const;

/** @param hasTags some key has: without that their column is left out. */
export function keyColumns(trends: Trends, hasTags: boolean): readonly Column<ApiKeyWithUsage>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 150,
      sortValue: ({ name }) => name,
      cell: ({ name, prefix }) => (
        <>
          <span className="font-medium">{name}</span>
          <span className="block truncate font-mono text-xs font-normal text-faint">{prefix}…</span>
        </>
      ),
    },
    {
      id: 'owner',
      header: 'Owner',
      width: 80,
      priority: 4,
      sortValue: ({ owner }) => (owner === '' ? null : owner),
      cell: ({ owner }) => (owner === '' ? <span className="text-faint">–</span> : owner),
    },
    ...(hasTags ? [tagsColumn] : []),
    {
      id: 'state',
      header: 'State',
      width: 84,
      grow: 0,
      priority: 1,
      sortValue: ({ state }) => stateOrder[state],
      cell: ({ state }) => <KeyStateBadge state={state} />,
    },
    {
      id: 'allowed',
      header: 'Allowed',
      width: 120,
      priority: 6,
      cell: ({ permissions, limits }) => (
        <Allowed what={describePermissions(permissions)} pace={describeLimits(limits)} />
      ),
    },
    {
      id: 'today',
      header: 'Today',
      width: 128,
      grow: 2,
      priority: 3,
      sortValue: ({ usage }) => usage.costUsdToday,
      cell: ({ limits, usage }) => <BudgetCell budget={tightestBudget(budgetsOf(limits, usage), 'day')} />,
    },
    {
      id: 'month',
      header: 'This month',
      width: 136,
      grow: 2,
      sortValue: ({ usage }) => usage.costUsdThisMonth,
      cell: ({ limits, usage }) => <BudgetCell budget={tightestBudget(budgetsOf(limits, usage), 'month')} />,
    },
    {
      id: 'requests',
      header: '14 days',
      width: 84,
      grow: 0,
      priority: 5,
      card: 'hidden',
      sortValue: ({ id, usage }) =>
        trends(id)?.reduce((sum, count) => sum + count, 0) ?? usage.requestsThisMonth,
      cell: ({ id }) => <Trend values={trends(id)} />,
    },
    {
      id: 'lastUsed',
      header: 'Last used',
      width: 84,
      grow: 0,
      priority: 2,
      sortValue: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="text-faint">never</span>
        ) : (
          <TimeText at={lastUsedAt} className="relative z-10" />
        ),
    },
    {
      id: 'expires',
      header: 'Expires',
      width: 84,
      grow: 0,
      priority: 4,
      sortValue: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) =>
        expiresAt === null ? (
          <span className="text-faint">never</span>
        ) : (
          <TimeText at={expiresAt} className="relative z-10" />
        ),
    },
  ];
}

const tagsColumn: Column<ApiKeyWithUsage> = {
  id: 'tags',
  header: 'Tags',
  width: 92,
  priority: 5,
  sortValue: ({ tags }) => tags[0] ?? null,
  cell: ({ tags }) =>
    tags.length === 0 ? <span className="text-faint">–</span> : <KeyTags tags={tags} most={2} />,
};

function Allowed({ what, pace }: { readonly what: readonly string[]; readonly pace: readonly string[] }) {
  return (
    <>
      <span className={what.length === 0 ? 'text-faint' : undefined}>
        {what.length === 0 ? 'everything' : what.join(', ')}
      </span>
      {pace.length > 0 && <span className="block truncate text-xs text-faint">{pace.join(', ')}</span>}
    </>
  );
}

function Trend({ values }: { readonly values: readonly number[] | undefined }) {
  if (values === undefined) return <span className="text-faint">–</span>;
  const sum = values.reduce((total, value) => total + value, 0);
  return <Sparkline values={values} label={`${formatNumber(sum)} requests in 14 days`} />;
}

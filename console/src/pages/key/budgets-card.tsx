import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { formatDate, formatNumber } from '../../format/format.ts';
import { useSession } from '../../session/use-session.ts';
import { BudgetBar } from '../../ui/budget-bar.tsx';
import { TimeText, useNow } from '../../ui/values.tsx';
import { formatOf } from '../keys/budget-cell.tsx';
import { type Budget, budgetsOf, endOfPeriod, isLimited } from '../keys/budgets.ts';
import { forecastMonth } from './forecast.ts';
import { ResetSpending } from './reset-spending.tsx';

/** What is used of today's and this month's limits, and where the month is heading. */
export function Budgets({ apiKey }: { readonly apiKey: ApiKeyWithUsage }) {
  const { usage, spendingResetAt } = apiKey;
  const { isAdmin } = useSession();
  const budgets = budgetsOf(apiKey.limits, usage);
  return (
    <section
      aria-label="Today and this month"
      className="overflow-hidden rounded-lg border border-line bg-line"
    >
      <dl className="grid gap-px sm:grid-cols-2 xl:grid-cols-4">
        {budgets.map((budget) => (
          <Tile key={budget.id} apiKey={apiKey} budget={budget} />
        ))}
      </dl>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line bg-surface px-4 py-2">
        <p className="text-xs text-faint">
          {formatNumber(usage.requestsToday)} requests today, {formatNumber(usage.requestsThisMonth)} this
          month. Days and months are those of UTC.
          {spendingResetAt !== null && (
            <>
              {' '}
              Its budget was started anew <TimeText at={spendingResetAt} />.
            </>
          )}
        </p>
        {isAdmin && budgets.some(isLimited) && <ResetSpending apiKey={apiKey} />}
      </div>
    </section>
  );
}

function Tile({ apiKey, budget }: { readonly apiKey: ApiKeyWithUsage; readonly budget: Budget }) {
  const now = useNow();
  const format = formatOf(budget);
  const { label, used, limit, soft, period } = budget;
  const forecast =
    period === 'day'
      ? null
      : forecastMonth({
          used,
          limit,
          requests: apiKey.usage.requestsThisMonth,
          since: Math.max(apiKey.createdAt, apiKey.spendingResetAt ?? 0),
          now,
        });
  return (
    <div className="flex min-w-0 flex-col gap-1.5 bg-surface px-4 py-3">
      <dt className="text-xs font-medium text-faint">{label}</dt>
      <dd className="flex flex-col gap-1.5">
        {!isLimited(budget) ? (
          <>
            <span className="text-lg font-semibold tracking-tight">{format(used)}</span>
            <span className="text-xs text-faint">No limit</span>
          </>
        ) : (
          <>
            <BudgetBar used={used} limit={limit} soft={soft} format={format} label={label} />
            {limit !== null && soft !== null && (
              <span className="text-xs text-faint">Soft budget {format(soft)}</span>
            )}
            <span className="text-xs text-faint">
              Starts anew <TimeText at={endOfPeriod(period, now)} />
            </span>
          </>
        )}
        {forecast?.kind === 'exhausted' && (
          <span className="text-xs text-warn">At this rate it is used up on {formatDate(forecast.at)}.</span>
        )}
        {forecast?.kind === 'within' && (
          <span className="text-xs text-faint">
            At this rate {format(forecast.expected)} by the end of the month.
          </span>
        )}
      </dd>
    </div>
  );
}

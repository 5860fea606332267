import type { LiveMetrics } from '../../../../src/contract/index.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { formatNumber } from '../../format/format.ts';
import { Card } from '../../ui/card.tsx';
import { cx } from '../../ui/cx.ts';

interface ProcessPoolProps {
  readonly now: LiveMetrics;
  readonly course: readonly LiveMetrics[];
}

const parts = [
  { id: 'running', label: 'Running', color: 'bg-accent' },
  { id: 'idle', label: 'Idle', color: 'bg-series-7' },
  { id: 'spares', label: 'Spare', color: 'bg-series-3' },
] as const;

/** How many of the processes that there may be do what. */
export function ProcessPool({ now, course }: ProcessPoolProps) {
  const { pool } = now;
  const most = Math.max(1, pool.maxProcesses, pool.running + pool.idle + pool.spares);
  const free = Math.max(0, pool.maxProcesses - pool.running - pool.idle - pool.spares);
  const waits = pool.queued > 0;
  return (
    <Card
      title="Claude Code processes"
      description={`At most ${formatNumber(pool.maxProcesses)} at once, and ${formatNumber(pool.queueLimit)} requests that wait.`}
    >
      <div className="flex h-2 gap-px overflow-hidden rounded-full bg-sunken" aria-hidden>
        {parts.map(({ id, color }) => (
          <span key={id} className={color} style={{ width: `${(pool[id] / most) * 100}%` }} />
        ))}
      </div>
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-5">
        {parts.map(({ id, label, color }) => (
          <Figure
            key={id}
            label={label}
            value={pool[id]}
            color={color}
            values={course.map((one) => one.pool[id])}
          />
        ))}
        <Figure label="Free" value={free} color="bg-line-strong" />
        <Figure
          label="Queued"
          value={pool.queued}
          warn={waits}
          values={course.map((one) => one.pool.queued)}
        />
      </dl>
    </Card>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: number;
  /** Of its part of the bar. */
  readonly color?: string;
  readonly warn?: boolean;
  readonly values?: readonly number[];
}

function Figure({ label, value, color, warn = false, values }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="flex items-center gap-1.5 text-xs font-medium text-faint">
        {color !== undefined && <span className={cx('size-2 rounded-full', color)} aria-hidden />}
        {label}
      </dt>
      <dd>
        <span className={cx('text-xl font-semibold tracking-tight', warn && 'text-warn')}>
          {formatNumber(value)}
        </span>
        {values !== undefined && <Sparkline values={values} className="mt-1" />}
      </dd>
    </div>
  );
}

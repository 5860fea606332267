import type { LiveMetrics } from '../../../../src/contract/index.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
} from '../../format/format.ts';
import { useMetrics } from '../../live/use-metrics.ts';
import { Stat, StatStrip } from '../../ui/card.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';

/** The figures of this moment, each second anew, with their course over the last minute and a half. */
export function LiveTiles() {
  const { now, course, query } = useMetrics();
  if (now === undefined) {
    return query.error === null ? (
      <Skeleton className="h-52 w-full rounded-lg" />
    ) : (
      <ErrorState error={query.error} onRetry={query.refetch} title="The live figures could not be loaded" />
    );
  }
  const { pool } = now;
  const line = (figureOf: (metrics: LiveMetrics) => number) => (
    <Sparkline values={course.map(figureOf)} className="mt-2" />
  );
  const errorShare = now.requestsPerMinute === 0 ? 0 : now.errorsPerMinute / now.requestsPerMinute;
  return (
    <StatStrip label="The last minute">
      <Stat
        label="Active runs"
        value={formatNumber(now.activeRuns)}
        note={pool.queued > 0 ? `${pool.queued} of ${pool.queueLimit} waiting` : 'none waiting'}
        tone={pool.queued > 0 ? 'warn' : 'normal'}
      >
        {line((one) => one.activeRuns)}
      </Stat>
      <Stat
        label="Requests"
        value={formatNumber(now.requestsPerMinute)}
        unit="/ min"
        note={`${now.errorsPerMinute} failed`}
      >
        {line((one) => one.requestsPerMinute)}
      </Stat>
      <Stat
        label="Errors"
        value={formatPercent(errorShare)}
        note="of the last minute"
        tone={errorShare >= 0.5 ? 'danger' : errorShare > 0.05 ? 'warn' : 'normal'}
      >
        {line((one) => one.errorsPerMinute)}
      </Stat>
      <Stat
        label="Duration"
        value={formatDuration(now.durationP50)}
        unit="p50"
        note={`p95 ${formatDuration(now.durationP95)}`}
      >
        {line((one) => one.durationP50 ?? 0)}
      </Stat>
      <Stat
        label="First token"
        value={formatDuration(now.firstTokenP50)}
        unit="p50"
        note="time to the first token"
      >
        {line((one) => one.firstTokenP50 ?? 0)}
      </Stat>
      <Stat
        label="Output tokens"
        value={formatCompact(now.outputTokensPerMinute)}
        unit="/ min"
        note={`${formatMoney(now.costUsdPerMinute)} / min`}
      >
        {line((one) => one.outputTokensPerMinute)}
      </Stat>
      <Stat
        label="Processes"
        value={`${pool.running + pool.idle + pool.spares}`}
        unit={`of ${pool.maxProcesses}`}
        note={`${pool.running} running, ${pool.idle} idle, ${pool.spares} spare`}
        tone={pool.running >= pool.maxProcesses ? 'warn' : 'normal'}
      />
      <Stat label="Memory" value={formatBytes(now.memoryBytes)} note="of the server itself" />
      <Stat label="CPU" value={formatPercent(now.cpuPercent / 100)} note="of one core" />
      <Stat
        label="Event loop"
        value={formatDuration(now.eventLoopDelayMs)}
        note="delay"
        tone={now.eventLoopDelayMs > 200 ? 'warn' : 'normal'}
      />
      <Stat
        label="Records"
        value={formatNumber(now.recordsWaiting)}
        unit="waiting"
        note={now.recordsDropped > 0 ? `${formatNumber(now.recordsDropped)} lost` : 'none lost'}
        tone={now.recordsDropped > 0 ? 'danger' : 'normal'}
      />
      <Stat
        label="Uptime"
        value={formatDuration(now.uptimeSeconds * 1000)}
        note={`since ${sinceText(now)}`}
      />
    </StatStrip>
  );
}

const sinceFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

function sinceText({ at, uptimeSeconds }: LiveMetrics): string {
  return sinceFormat.format(at - uptimeSeconds * 1000);
}

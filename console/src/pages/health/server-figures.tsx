import type { LiveMetrics } from '../../../../src/contract/index.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { formatBytes, formatDuration, formatNumber, formatPercent, formatTime } from '../../format/format.ts';
import { Stat, StatStrip } from '../../ui/card.tsx';

interface ServerFiguresProps {
  readonly now: LiveMetrics;
  readonly course: readonly LiveMetrics[];
}

/** Of the server's own process. */
export function ServerFigures({ now, course }: ServerFiguresProps) {
  const line = (figureOf: (metrics: LiveMetrics) => number) => (
    <Sparkline values={course.map(figureOf)} className="mt-2" />
  );
  return (
    <StatStrip label="The server itself" className="[--tiles:5]">
      <Stat label="Memory" value={formatBytes(now.memoryBytes)} note="of the server itself">
        {line((one) => one.memoryBytes)}
      </Stat>
      <Stat label="CPU" value={formatPercent(now.cpuPercent / 100)} note="of one core">
        {line((one) => one.cpuPercent)}
      </Stat>
      <Stat
        label="Event loop delay"
        value={formatDuration(now.eventLoopDelayMs)}
        note={now.eventLoopDelayMs > 200 ? 'answers come late' : 'well below 200 ms'}
        tone={now.eventLoopDelayMs > 200 ? 'warn' : 'normal'}
      >
        {line((one) => one.eventLoopDelayMs)}
      </Stat>
      <Stat
        label="Active runs"
        value={formatNumber(now.activeRuns)}
        note={`${now.requestsPerMinute} requests / min`}
      >
        {line((one) => one.activeRuns)}
      </Stat>
      <Stat
        label="Uptime"
        value={formatDuration(now.uptimeSeconds * 1000)}
        note={`since ${formatTime(now.at - now.uptimeSeconds * 1000)}`}
      />
    </StatStrip>
  );
}

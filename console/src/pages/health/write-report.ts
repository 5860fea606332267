import type { Check, LiveMetrics } from '../../../../src/contract/index.ts';
import type { Answer } from '../../api/call-types.ts';
import { formatBytes, formatDuration, formatNumber } from '../../format/format.ts';

export type RecordStatus = Answer<'recordStatus'>;

const order = ['failed', 'warning', 'ok'] as const;

/** What needs somebody first; otherwise as they came. */
export function sortChecks(checks: readonly Check[]): readonly Check[] {
  return order.flatMap((status) => checks.filter((check) => check.status === status));
}

/** `1 failed, 2 warnings`; undefined where all is well. */
export function troubleText(checks: readonly Check[]): string | undefined {
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const warnings = checks.filter(({ status }) => status === 'warning').length;
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** The whole page as text, for an issue or a mail. */
export function writeReport(
  health: Answer<'getHealth'>,
  metrics: LiveMetrics | undefined,
  records: RecordStatus | undefined,
  at: number,
): string {
  const lines = [
    `claudecode-api ${health.version} on Node.js ${health.node}, ${new Date(at).toISOString()}`,
    '',
    ...sortChecks(health.checks).flatMap(({ name, status, message, hint }) => [
      `[${status}] ${name}: ${message}`,
      ...(hint === null ? [] : [`    ${hint}`]),
    ]),
  ];
  if (metrics !== undefined) lines.push('', ...metricLines(metrics));
  if (records !== undefined) lines.push('', ...recordLines(records));
  return `${lines.join('\n')}\n`;
}

function metricLines({ pool, ...metrics }: LiveMetrics): readonly string[] {
  return [
    `Processes: ${pool.running} running, ${pool.idle} idle, ${pool.spares} spare, of ${pool.maxProcesses}`,
    `Queue: ${pool.queued} of ${pool.queueLimit}`,
    `Memory: ${formatBytes(metrics.memoryBytes)}`,
    `CPU: ${Math.round(metrics.cpuPercent)}%`,
    `Event loop delay: ${formatDuration(metrics.eventLoopDelayMs)}`,
    `Uptime: ${formatDuration(metrics.uptimeSeconds * 1000)}`,
  ];
}

function recordLines(records: RecordStatus): readonly string[] {
  return [
    `Records: ${records.waiting} waiting, ${records.written} written, ${records.dropped} dropped, ${records.droppedDetails} without their bodies`,
    `Stored: ${formatNumber(records.storedRows)} rows, ${formatBytes(records.storedDetailBytes)}`,
    ...(records.lastError === null ? [] : [`Last error: ${records.lastError}`]),
  ];
}

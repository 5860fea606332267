import { expect, test } from 'vitest';
import type { Check, LiveMetrics } from '../../../../src/contract/index.ts';
import { sortChecks, troubleText, writeReport } from './write-report.ts';

const checks: readonly Check[] = [
  { name: 'Node.js', status: 'ok', message: 'v24', hint: null },
  { name: 'API keys', status: 'warning', message: 'not required', hint: 'Require them.' },
  { name: 'Database', status: 'failed', message: 'gone', hint: 'Start it.' },
];
const metrics: LiveMetrics = {
  at: 0,
  activeRuns: 1,
  requestsPerMinute: 2,
  errorsPerMinute: 0,
  outputTokensPerMinute: 3,
  costUsdPerMinute: 0,
  durationP50: null,
  durationP95: null,
  firstTokenP50: null,
  pool: { maxProcesses: 4, running: 1, idle: 2, spares: 1, queued: 0, queueLimit: 100 },
  memoryBytes: 123_000_000,
  cpuPercent: 12.4,
  eventLoopDelayMs: 3,
  uptimeSeconds: 90,
  recordsWaiting: 0,
  recordsDropped: 0,
};

test('what needs somebody comes first, and is counted', () => {
  expect(sortChecks(checks).map(({ status }) => status)).toEqual(['failed', 'warning', 'ok']);
  expect(troubleText(checks)).toBe('1 failed, 1 warning');
  expect(troubleText(checks.slice(0, 1))).toBeUndefined();
});

test('the report says all that the page shows', () => {
  const records = {
    waiting: 0,
    written: 7,
    dropped: 1,
    droppedDetails: 2,
    lastError: 'disk full',
    storedRows: 1234,
    storedDetailBytes: 5000,
    oldestAt: null,
  };
  const report = writeReport({ checks: [...checks], version: '1.0.0', node: 'v24.1.0' }, metrics, records, 0);
  expect(report).toContain('claudecode-api 1.0.0 on Node.js v24.1.0, 1970-01-01T00:00:00.000Z');
  expect(report).toContain('[failed] Database: gone\n    Start it.\n[warning] API keys');
  expect(report).toContain('1 dropped, 2 without their bodies');
  expect(report).toContain('Processes: 1 running, 2 idle, 1 spare, of 4');
  expect(report).toContain('Memory: 123 MB');
  expect(report).toContain('Stored: 1,234 rows, 5.0 kB');
  expect(report).toContain('Last error: disk full');
  expect(writeReport({ checks: [], version: '1', node: 'v24' }, undefined, undefined, 0)).not.toContain(
    'Memory',
  );
});

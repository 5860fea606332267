/** English, with 24 hours: one language in all of the console. */
const numbers = 'en-US';
const dates = 'en-GB';

const whole = new Intl.NumberFormat(numbers, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(numbers, { notation: 'compact', maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(numbers, { style: 'percent', maximumFractionDigits: 1 });
const dateTime = new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeStyle: 'medium' });
const dateOnly = new Intl.DateTimeFormat(dates, { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat(dates, { timeStyle: 'medium' });
const shortClock = new Intl.DateTimeFormat(dates, { hour: '2-digit', minute: '2-digit' });
const shortDay = new Intl.DateTimeFormat(dates, { day: 'numeric', month: 'short' });
const relative = new Intl.RelativeTimeFormat(numbers, { numeric: 'auto', style: 'short' });

/** Stands for a value that there is none of. */
export const none = '–';

/** 12,345 */
export function formatNumber(value: number | null | undefined): string {
  return value == null ? none : whole.format(value);
}

/** 12.3K */
export function formatCompact(value: number | null | undefined): string {
  return value == null ? none : compact.format(value);
}

/** 0.5 is 50%. */
export function formatPercent(share: number | null | undefined): string {
  return share == null || !Number.isFinite(share) ? none : percent.format(share);
}

/** US dollars. Small amounts keep their first digits: $0.0042. */
export function formatMoney(dollars: number | null | undefined): string {
  if (dollars == null) return none;
  const size = Math.abs(dollars);
  const digits = size === 0 || size >= 1 ? 2 : size >= 0.1 ? 3 : size >= 0.0001 ? 4 : 6;
  return new Intl.NumberFormat(numbers, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(dollars);
}

const sizes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Of 1000 each. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null) return none;
  let value = bytes;
  let step = 0;
  while (Math.abs(value) >= 999.5 && step < sizes.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || Math.abs(value) >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${sizes[step]}`;
}

/** Milliseconds: 850 ms, 4.2 s, 3 min 5 s, 2 h 10 min, 3 d 4 h. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null) return none;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** 22 Nov 2026, 21:06:31 */
export function formatTime(at: number | null | undefined): string {
  return at == null ? none : dateTime.format(at);
}

/** 22 Nov 2026 */
export function formatDate(at: number | null | undefined): string {
  return at == null ? none : dateOnly.format(at);
}

/** 21:06:31 */
export function formatClock(at: number | null | undefined): string {
  return at == null ? none : clock.format(at);
}

/** For the axis of a chart: the time of day, or the day where the range has several. */
export function formatTick(at: number, rangeMs: number): string {
  return rangeMs <= 2 * 86_400_000 ? shortClock.format(at) : shortDay.format(at);
}

const units = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** 3 min. ago, in 2 days; now where less than five seconds lie between. What is ahead is rounded: a week is not 6 days. */
export function formatRelative(at: number | null | undefined, now: number): string {
  if (at == null) return none;
  const away = at - now;
  if (Math.abs(away) < 5000) return 'now';
  const round = away > 0 ? Math.round : Math.trunc;
  for (const [unit, length] of units) {
    if (Math.abs(away) >= length) return relative.format(round(away / length), unit);
  }
  return 'now';
}

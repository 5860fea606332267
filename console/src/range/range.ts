/** A stretch of time in the URL: `24h` up to now, or `<from>-<to>` in milliseconds since 1970. */
export type RangeText = string;

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const rangePresets = [
  { value: '15m', label: 'Last 15 minutes', length: 15 * minute },
  { value: '1h', label: 'Last hour', length: hour },
  { value: '6h', label: 'Last 6 hours', length: 6 * hour },
  { value: '24h', label: 'Last 24 hours', length: day },
  { value: '7d', label: 'Last 7 days', length: 7 * day },
  { value: '30d', label: 'Last 30 days', length: 30 * day },
  { value: '90d', label: 'Last 90 days', length: 90 * day },
  { value: '1y', label: 'Last year', length: 365 * day },
] as const;

/** The range in a URL; undefined where it is none. */
export function readRange(value: unknown): RangeText | undefined {
  if (typeof value !== 'string') return undefined;
  return presetOf(value) !== undefined || spanOf(value) !== undefined ? value : undefined;
}

/** From when to when a range goes. @throws {TypeError} where it is none. */
export function resolveRange(range: RangeText, now: number): TimeSpan {
  const preset = presetOf(range);
  if (preset !== undefined) return { from: now - preset.length, to: now };
  const span = spanOf(range);
  if (span === undefined) throw new TypeError(`'${range}' is no range of time.`);
  return span;
}

/**
 * As `resolveRange`; one that ends now moves on in the steps of `refreshEvery`, so that all who ask within a step ask the
 * same.
 */
export function steppedRange(range: RangeText, now: number): TimeSpan {
  const step = refreshEvery(range) || 1;
  return resolveRange(range, Math.ceil(now / step) * step);
}

/** The two ends as they stand in a URL. */
export function writeSpan({ from, to }: TimeSpan): RangeText {
  return `${Math.round(from)}-${Math.round(to)}`;
}

export function isPreset(range: RangeText): boolean {
  return presetOf(range) !== undefined;
}

/** How often a range that ends now is worth asking for again, in milliseconds; false: it lies in the past. */
export function refreshEvery(range: RangeText): number | false {
  const preset = presetOf(range);
  if (preset === undefined) return false;
  if (preset.length <= hour) return 10_000;
  return preset.length <= day ? 30_000 : 300_000;
}

function presetOf(value: string): (typeof rangePresets)[number] | undefined {
  return rangePresets.find((preset) => preset.value === value);
}

function spanOf(value: string): TimeSpan | undefined {
  const found = /^(\d{1,15})-(\d{1,15})$/.exec(value);
  if (found === null) return undefined;
  const from = Number(found[1]);
  const to = Number(found[2]);
  return from < to ? { from, to } : undefined;
}

import type { Setting, SettingKind, SettingValue } from '../../../../src/contract/index.ts';
import { formatDuration, formatNumber } from '../../format/format.ts';

/** A value in one line. */
export function valueText(kind: SettingKind | undefined, value: SettingValue): string {
  if (value === null) return 'not set';
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  if (typeof value === 'number') return numberText(value, kind?.type === 'integer' ? kind.unit : null);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  const entries = Object.entries(value);
  return entries.length === 0 ? 'none' : entries.map(([name, meant]) => `${name} → ${meant}`).join(', ');
}

/** Of a change: null is the default there. */
export function changedText(setting: Setting | undefined, value: SettingValue): string {
  if (value !== null || setting === undefined) return valueText(setting?.kind, value);
  const fixed = setting.source === 'environment' || setting.source === 'file';
  return fixed ? 'the default' : `${valueText(setting.kind, setting.default)} (default)`;
}

/** `1 second`, `20 days`. */
function numberText(value: number, unit: string | null): string {
  if (unit === null) return formatNumber(value);
  return `${formatNumber(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

const unitMs: Readonly<Record<string, number>> = {
  seconds: 1000,
  minutes: 60_000,
};

/** What a large number of seconds or minutes is in larger units: `30 min`. Undefined where that says nothing new. */
export function inLargerUnits(value: number, unit: string | null): string | undefined {
  const ms = unit === null ? undefined : unitMs[unit];
  if (ms === undefined || value * ms < 60_000 || (unit === 'minutes' && value < 60)) return undefined;
  return formatDuration(value * ms);
}

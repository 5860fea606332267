import type { Setting, SettingKind, SettingValue } from '../../../../src/contract/index.ts';

export interface MapRow {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

/** What stands in an editor: the text of a number or text, a list of origins, the rows of a map. */
export type SettingInput = string | boolean | readonly string[] | readonly MapRow[];

type Read = { readonly value: SettingValue } | { readonly problem: string };

let rowIds = 0;

export function newMapRow(name = '', value = ''): MapRow {
  rowIds += 1;
  return { id: rowIds, name, value };
}

/** A value as its editor shows it. */
export function toInput(kind: SettingKind, value: SettingValue): SettingInput {
  switch (kind.type) {
    case 'flag':
      return value === true;
    case 'integer':
    case 'choice':
    case 'text':
      return value === null ? '' : String(value);
    case 'origins':
      return Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : [];
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([name, meant]) => newMapRow(name, meant))
        : [];
    default:
      return kind satisfies never;
  }
}

/** What an editor says, as the server takes it. Null brings back the default. */
export function readInput({ kind, default: usual }: Setting, input: SettingInput): Read {
  switch (kind.type) {
    case 'flag':
      return { value: input === true };
    case 'integer':
      return readInteger(kind, typeof input === 'string' ? input.trim() : '');
    case 'choice':
      return typeof input === 'string' && kind.options.includes(input)
        ? { value: input }
        : { problem: 'Choose one of the list.' };
    case 'text': {
      const text = typeof input === 'string' ? input.trim() : '';
      if (text !== '' || usual === null || usual === '') return { value: text === '' ? null : text };
      return { problem: 'Give a text, or go back to the default.' };
    }
    case 'origins':
      return readOrigins(isTexts(input) ? input : []);
    case 'map':
      return readMap(isRows(input) ? input : []);
    default:
      return kind satisfies never;
  }
}

export function sameValue(a: SettingValue, b: SettingValue): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

export function isTexts(input: SettingInput): input is readonly string[] {
  return Array.isArray(input) && input.every((one) => typeof one === 'string');
}

export function isRows(input: SettingInput): input is readonly MapRow[] {
  return Array.isArray(input) && input.every((one) => typeof one === 'object');
}

function readInteger({ min, max }: { readonly min: number; readonly max: number }, text: string): Read {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return { value };
  return { problem: `A whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}.` };
}

function readOrigins(origins: readonly string[]): Read {
  if (origins.length === 0) return { problem: 'Give * for all, or at least one origin.' };
  if (!origins.includes('*')) return { value: [...origins] };
  return origins.length === 1
    ? { value: '*' }
    : { problem: '* already allows every origin: give it alone, or take it out.' };
}

function readMap(rows: readonly MapRow[]): Read {
  const filled = rows
    .map(({ name, value }) => ({ name: name.trim(), value: value.trim() }))
    .filter(({ name, value }) => name !== '' || value !== '');
  if (filled.some(({ name, value }) => name === '' || value === ''))
    return { problem: 'Each row takes a name and what it stands for.' };
  const twice = filled.find(({ name }, index) => filled.findIndex((one) => one.name === name) < index);
  if (twice !== undefined) return { problem: `“${twice.name}” stands there twice.` };
  return { value: Object.fromEntries(filled.map(({ name, value }) => [name, value])) };
}

function sorted(value: SettingValue): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

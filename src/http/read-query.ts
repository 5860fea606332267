import { invalidType, invalidValue } from '../openai/index.ts';
import type { ItemPage } from '../storage/index.ts';

type Query = Readonly<Record<string, unknown>>;

/** A text of the query string; of several by the same name, none is right. Throws a 400 WireError. */
function readText(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalidType(name, 'a string', 'an array');
  return value;
}

export function readFlag(query: Query, name: string): boolean {
  const text = readText(query, name);
  if (text === undefined || text === 'false' || text === '0') return false;
  if (text === 'true' || text === '1') return true;
  throw invalidValue(name, `Invalid value: '${text}'. Supported values are: 'true', 'false'.`);
}

export function readInteger(
  query: Query,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  const text = readText(query, name);
  if (text === undefined) return undefined;
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw invalidValue(
    name,
    `Invalid '${name}': expected an integer from ${bounds.min} to ${bounds.max}, but got '${text}' instead.`,
  );
}

/** OpenAI lists the newest first, 20 at a time, unless it is asked otherwise. */
export function readPage(query: Query): ItemPage {
  const order = readText(query, 'order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw invalidValue('order', `Invalid value: '${order}'. Supported values are: 'asc', 'desc'.`);
  }
  return {
    order,
    limit: readInteger(query, 'limit', { min: 1, max: 100 }) ?? 20,
    after: readText(query, 'after'),
    before: readText(query, 'before'),
  };
}

import { type RawBuilder, sql } from 'kysely';
import type { RecordFilter } from '../../contract/index.ts';
import { storableText } from '../storable-text.ts';

/** Columns with an index of their own, newest last. */
export type IndexedColumn = 'conversation' | 'key_id' | 'profile' | 'model_used' | 'endpoint';

/** A way to find records by an index, in the order of time: all, those that failed, or those with these values. */
export type Route =
  | { readonly by: 'time' }
  | { readonly by: 'error' }
  | { readonly by: IndexedColumn; readonly values: readonly string[] };

/** What a record must fulfil. Where there is a route, it finds exactly those that do. */
export interface Condition {
  readonly test: RawBuilder<boolean>;
  /** The column that the test looks at. */
  readonly looksAt: RawBuilder<unknown>;
  readonly route?: Route;
}

export type RoutedCondition = Condition & { readonly route: Route };

export function hasRoute(condition: Condition): condition is RoutedCondition {
  return condition.route !== undefined;
}

/** All of a filter but its times. */
export function conditionsOf(filter: RecordFilter): Condition[] {
  return [
    ...oneOf('conversation', filter.conversation === undefined ? undefined : [filter.conversation]),
    ...oneOf('key_id', filter.key),
    ...oneOf('profile', filter.profile),
    ...statusConditions(filter.status),
    ...oneOf('model_used', filter.model),
    ...oneOf('endpoint', filter.endpoint),
    ...atLeast('duration_ms', filter.minDurationMs),
    ...atLeast('cost_nano_usd', filter.minCostUsd === undefined ? undefined : filter.minCostUsd * 1e9),
    ...(filter.text === undefined ? [] : [contains(storableText(filter.text))]),
  ];
}

function oneOf(by: IndexedColumn, values: readonly string[] | undefined): Condition[] {
  if (values === undefined || values.length === 0) return [];
  const distinct = [...new Set(values.map(storableText))];
  return [
    {
      test: sql`${sql.ref(by)} in (${sql.join(distinct)})`,
      looksAt: sql.ref(by),
      route: { by, values: distinct },
    },
  ];
}

function statusConditions(status: RecordFilter['status']): Condition[] {
  if (status === undefined) return [];
  const looksAt = sql.ref('status');
  if (status === 'ok') return [{ test: sql`status < 400`, looksAt }];
  const failed: Condition = { test: sql`status >= 400`, looksAt, route: { by: 'error' } };
  if (status === 'error') return [failed];
  // Under a name of its own, since both may be asked for together.
  const exact: Condition = { test: sql`answered = ${status}`, looksAt: sql`status as answered` };
  return status >= 400 ? [failed, exact] : [exact];
}

function atLeast(column: string, least: number | undefined): Condition[] {
  if (least === undefined) return [];
  const whole = Math.min(Math.round(least), Number.MAX_SAFE_INTEGER);
  return [{ test: sql`${sql.ref(column)} >= ${whole}`, looksAt: sql.ref(column) }];
}

/** All that a text is looked for in, as one. It is put together once for each row, since that is what takes time. */
const searched: RawBuilder<unknown> = sql`lower(concat_ws(${'\u0001'}, request_id, error_message, model_asked,
  model_used, client, key_name, conversation, response_id, files)) as searched`;

/**
 * Whether one of the texts has this in it, in capitals or not. A database may not know the capitals of all letters: so
 * it is looked for as it is, small and large, and A to Z are small in each.
 */
function contains(text: string): Condition {
  const spellings = [text, text.toLowerCase(), text.toUpperCase()]
    // The list of files is JSON, which writes backslashes and quotes in its own way.
    .flatMap((spelling) => [spelling, JSON.stringify(spelling).slice(1, -1)])
    .map((spelling) => spelling.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  const tests = [...new Set(spellings)].map((spelling) => {
    const pattern = `%${spelling.replace(/[\\%_]/g, '\\$&')}%`;
    return sql`searched like ${pattern} escape '\\'`;
  });
  return { test: sql`(${sql.join(tests, sql` or `)})`, looksAt: searched };
}

import type { CompiledQuery, Kysely } from 'kysely';
import type { Database } from '../../src/storage/open-database.ts';
import type { Schema } from '../../src/storage/schema.ts';

/** The plans of queries, each once, in one line each. */
export async function explain(
  db: Kysely<Schema>,
  kind: Database['kind'],
  queries: readonly CompiledQuery[],
): Promise<string[]> {
  const plans = new Set<string>();
  for (const query of queries) {
    const how = kind === 'sqlite' ? 'explain query plan' : 'explain (costs off)';
    const { rows } = await db.executeQuery<Record<string, unknown>>({ ...query, sql: `${how} ${query.sql}` });
    const lines = rows.map((row) => String(row['detail'] ?? row['QUERY PLAN']).trim());
    plans.add(shorten(lines.map(withoutValues)));
  }
  return [...plans];
}

function withoutValues(line: string): string {
  return line.replace(/'[^']*'|\b\d{2,}\b/g, '?');
}

/** Many values of one filter make as many branches of the same form. */
function shorten(lines: readonly string[]): string {
  const shown = [
    ...new Set(lines.map((line) => line.replace(/\b(branch|subquery|request_logs)[-_]\d+/g, '$1'))),
  ];
  const text = shown.join(' | ');
  return text.length > 700 ? `${text.slice(0, 700)} …` : text;
}

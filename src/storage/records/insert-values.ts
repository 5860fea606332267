import { CompiledQuery } from 'kysely';
import type { Database } from '../open-database.ts';

/**
 * A statement with many rows of values as its parameters. Kysely would take longer to build it than the database to
 * run it.
 * @param before what stands before `values`, and `after` what stands behind the rows.
 */
export function insertValues(
  kind: Database['kind'],
  before: string,
  rows: readonly (readonly unknown[])[],
  after: string,
): CompiledQuery {
  let count = 0;
  const placeholder = kind === 'postgres' ? () => `$${++count}` : () => '?';
  const tuples = rows.map((row) => `(${row.map(placeholder).join(', ')})`);
  return CompiledQuery.raw(`${before} values ${tuples.join(', ')} ${after}`, rows.flat());
}

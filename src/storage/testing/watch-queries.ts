import type { CompiledQuery, Kysely } from 'kysely';

/** The same database, but what it is asked is told. */
export function watchQueries<Tables>(
  db: Kysely<Tables>,
  tell: (query: CompiledQuery) => void,
): Kysely<Tables> {
  return db.withPlugin({
    transformQuery: ({ node, queryId }) => {
      tell(db.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
}

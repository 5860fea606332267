import { type Kysely, sql } from 'kysely';
import type { StoredItem } from '../items/stored-items.ts';
import type { Schema } from '../schema.ts';
import type { ResponseHistory } from './stored-response.ts';

/**
 * Everything that was said up to the end of a response, in one query: for each response of the chain, oldest first,
 * what its conversation held when it began, its input and its output. Ancestors count although they were deleted.
 */
export async function loadHistory(
  db: Kysely<Schema>,
  owner: string,
  id: string,
): Promise<ResponseHistory | null> {
  const rows = await db
    .withRecursive('chain', (query) =>
      query
        .selectFrom('responses')
        .where('responses.id', '=', id)
        .where('responses.owner', '=', owner)
        .where('responses.status', 'in', ['completed', 'incomplete'])
        .select([
          'responses.id',
          'responses.previous_response_id',
          'responses.conversation_id',
          'responses.conversation_end',
          sql<number>`0`.as('depth'),
        ])
        .unionAll(
          query
            .selectFrom('chain')
            .innerJoin('responses', 'responses.id', 'chain.previous_response_id')
            .where('responses.owner', '=', owner)
            .select([
              'responses.id',
              'responses.previous_response_id',
              'responses.conversation_id',
              'responses.conversation_end',
              sql<number>`chain.depth + 1`.as('depth'),
            ]),
        ),
    )
    .with('said', (query) =>
      query
        .selectFrom('chain')
        // Cross joins: SQLite keeps their order. Left the choice, it reads all items of everybody first.
        .crossJoin('conversation_items as link')
        .whereRef('link.conversation_id', '=', 'chain.conversation_id')
        .whereRef('link.position', '<', 'chain.conversation_end')
        .where('link.owner', '=', owner)
        .select(['chain.depth', sql<number>`-1`.as('part'), 'link.position', 'link.item_id', 'link.digest'])
        .unionAll(
          query
            .selectFrom('chain')
            .crossJoin('response_items as link')
            .whereRef('link.response_id', '=', 'chain.id')
            .select([
              'chain.depth',
              'link.is_output as part',
              'link.position',
              'link.item_id',
              'link.digest',
            ]),
        ),
    )
    .selectFrom('responses as asked')
    .leftJoin('said', (join) => join.onTrue())
    .leftJoin('items', (join) =>
      join
        .on('items.owner', '=', owner)
        .onRef('items.id', '=', 'said.item_id')
        .onRef('items.digest', '=', 'said.digest'),
    )
    .select(['asked.status', 'items.id', 'items.body'])
    .where('asked.id', '=', id)
    .where('asked.owner', '=', owner)
    .where('asked.deleted_at', 'is', null)
    .orderBy('said.depth', 'desc')
    .orderBy('said.part')
    .orderBy('said.position')
    .execute();
  const [first] = rows;
  if (first === undefined) return null;
  const { status } = first;
  if (status !== 'completed' && status !== 'incomplete') return { status, items: null };
  const items: StoredItem[] = [];
  for (const { id: itemId, body } of rows) {
    if (itemId !== null && body !== null) items.push({ id: itemId, body: JSON.parse(body) });
  }
  return { status, items };
}

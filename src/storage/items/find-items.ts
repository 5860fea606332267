import type { Kysely } from 'kysely';
import type { JsonObject } from '../../turn/index.ts';
import type { Schema } from '../schema.ts';
import { chunksOf } from './stored-items.ts';

/**
 * The bodies of those of the owner's items that stand in a conversation or in a response that was not deleted. Of
 * several bodies under one id, the one that was stored first: ours, not a client's replay of it.
 */
export async function findItems(
  db: Kysely<Schema>,
  owner: string,
  ids: readonly string[],
): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  for (const chunk of chunksOf([...new Set(ids)])) {
    const rows = await db
      .selectFrom('items')
      .select(['items.id', 'items.body'])
      .where('items.owner', '=', owner)
      .where('items.id', 'in', chunk)
      .where(({ or, exists, selectFrom }) =>
        or([
          exists(
            selectFrom('response_items as link')
              .innerJoin('responses', 'responses.id', 'link.response_id')
              .select('link.item_id')
              .whereRef('link.owner', '=', 'items.owner')
              .whereRef('link.item_id', '=', 'items.id')
              .whereRef('link.digest', '=', 'items.digest')
              .where('responses.deleted_at', 'is', null),
          ),
          exists(
            selectFrom('conversation_items as link')
              .select('link.item_id')
              .whereRef('link.owner', '=', 'items.owner')
              .whereRef('link.item_id', '=', 'items.id')
              .whereRef('link.digest', '=', 'items.digest'),
          ),
        ]),
      )
      .orderBy('items.created_at')
      .orderBy('items.digest')
      .execute();
    for (const { id, body } of rows) if (!found.has(id)) found.set(id, JSON.parse(body));
  }
  return found;
}

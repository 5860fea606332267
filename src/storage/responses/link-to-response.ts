import type { Transaction } from 'kysely';
import { chunksOf, type ItemRef } from '../items/stored-items.ts';
import type { Schema } from '../schema.ts';

/** Puts stored items into a response, as its input or its output, in this order. */
export async function linkToResponse(
  transaction: Transaction<Schema>,
  response: { readonly id: string; readonly owner: string; readonly isOutput: 0 | 1 },
  refs: readonly ItemRef[],
): Promise<void> {
  const rows = refs.map(({ id, digest }, position) => ({
    response_id: response.id,
    is_output: response.isOutput,
    position,
    owner: response.owner,
    item_id: id,
    digest,
  }));
  for (const chunk of chunksOf(rows)) await transaction.insertInto('response_items').values(chunk).execute();
}

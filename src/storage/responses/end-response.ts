import type { Transaction } from 'kysely';
import { linkToConversation, lockConversation } from '../conversations/link-to-conversation.ts';
import { refuseDuplicates, storeItems } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { addEvents } from './events.ts';
import { linkToResponse } from './link-to-response.ts';
import type { EndGuard, ResponseEnd } from './stored-response.ts';

/** Gives a response its end, with everything that belongs to it. False, and nothing done, where it has one. */
export async function endResponse(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  id: string,
  end: ResponseEnd,
  guard: EndGuard | undefined,
  now: number,
): Promise<boolean> {
  refuseDuplicates(end.output);
  const ended = await endRun(transaction, id, guard);
  if (guard !== undefined && !ended) return false;
  const response = await transaction
    .updateTable('responses')
    .set({
      status: end.status,
      completed_at: end.completedAt,
      response: JSON.stringify(end.response),
      // It was kept to run it, and may hold secrets, such as the headers of an MCP server.
      request: '{}',
    })
    .where('id', '=', id)
    .where('status', 'in', ['queued', 'in_progress'])
    .where('deleted_at', 'is', null)
    .returning('owner')
    .executeTakeFirst();
  if (response === undefined) return false;
  const { owner } = response;
  const { conversationId } = end;
  // Before the items: that is the order in which everybody locks.
  const position =
    conversationId === undefined
      ? undefined
      : await lockConversation(transaction, owner, conversationId, now);
  const refs = await storeItems(transaction, kind, owner, end.output, now);
  await linkToResponse(transaction, { id, owner, isOutput: 1 }, refs);
  await addEvents(transaction, id, end.events ?? []);
  if (conversationId !== undefined && position !== undefined) {
    const all = await transaction
      .selectFrom('response_items')
      .select(['item_id as id', 'digest'])
      .where('response_id', '=', id)
      .orderBy('is_output')
      .orderBy('position')
      .execute();
    await linkToConversation(transaction, { id: conversationId, owner, position }, all);
  }
  return true;
}

/** A run's row goes with its end, so that no worker takes or renews it any more. */
async function endRun(
  transaction: Transaction<Schema>,
  id: string,
  guard: EndGuard | undefined,
): Promise<boolean> {
  let run = transaction.deleteFrom('response_runs').where('response_id', '=', id);
  if (guard !== undefined && 'workerId' in guard) run = run.where('worker_id', '=', guard.workerId);
  if (guard !== undefined && 'leaseExpiredAt' in guard) {
    run = run.where('lease_until', '<=', guard.leaseExpiredAt);
  }
  const { numDeletedRows } = await run.executeTakeFirst();
  return numDeletedRows > 0n;
}

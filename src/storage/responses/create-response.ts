import type { Kysely, Transaction } from 'kysely';
import { refuseDuplicates, type StoredItem, storeItems } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { StorageError } from '../storage-error.ts';
import { addEvents } from './events.ts';
import { linkToResponse } from './link-to-response.ts';
import type { NewResponse } from './stored-response.ts';

/** Stores a response, its input and its run, all or nothing. */
export async function createResponse(
  db: Kysely<Schema>,
  kind: Database['kind'],
  response: NewResponse,
  input: readonly StoredItem[],
  now: number,
): Promise<void> {
  refuseDuplicates(input);
  const { id, owner } = response;
  await db.transaction().execute(async (transaction) => {
    await requirePrevious(transaction, kind, response);
    await transaction
      .insertInto('responses')
      .values({
        id,
        owner,
        previous_response_id: response.previousResponseId ?? null,
        conversation_id: response.conversationId ?? null,
        conversation_end: await endOfConversation(transaction, response),
        status: response.status,
        background: response.background ? 1 : 0,
        created_at: response.createdAt,
        completed_at: null,
        deleted_at: null,
        request: JSON.stringify(response.request),
        response: JSON.stringify(response.response),
      })
      .execute();
    await insertRun(transaction, response);
    await addEvents(transaction, id, response.events ?? []);
    const refs = await storeItems(transaction, kind, owner, input, now);
    await linkToResponse(transaction, { id, owner, isOutput: 0 }, refs);
  });
}

async function requirePrevious(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  { owner, previousResponseId }: NewResponse,
): Promise<void> {
  if (previousResponseId === undefined) return;
  const previous = await transaction
    .selectFrom('responses')
    .select('id')
    .where('id', '=', previousResponseId)
    .where('owner', '=', owner)
    .where('deleted_at', 'is', null)
    // So that it is not deleted before this one continues it.
    .$if(kind === 'postgres', (query) => query.forShare())
    .executeTakeFirst();
  if (previous !== undefined) return;
  throw new StorageError('unknown_response', `There is no response ${previousResponseId} for this owner`);
}

async function endOfConversation(
  transaction: Transaction<Schema>,
  { owner, conversationId }: NewResponse,
): Promise<number | null> {
  if (conversationId === undefined) return null;
  const conversation = await transaction
    .selectFrom('conversations')
    .select('next_position')
    .where('id', '=', conversationId)
    .where('owner', '=', owner)
    .executeTakeFirst();
  if (conversation !== undefined) return conversation.next_position;
  throw new StorageError('unknown_conversation', `There is no conversation ${conversationId} for this owner`);
}

async function insertRun(transaction: Transaction<Schema>, response: NewResponse): Promise<void> {
  const { lease } = response.status === 'queued' ? {} : response;
  if (response.status !== 'queued' && lease === undefined) return;
  await transaction
    .insertInto('response_runs')
    .values({
      response_id: response.id,
      state: lease === undefined ? 'queued' : 'started',
      queued_at: response.createdAt,
      attempts: lease === undefined ? 0 : 1,
      worker_id: lease?.workerId ?? null,
      lease_until: lease?.until ?? null,
      cancel_requested_at: null,
    })
    .execute();
}

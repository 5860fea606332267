import type { Kysely, Transaction } from 'kysely';
import { chunksOf } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { isFinal, type ResponseEvent, type ResponseEvents } from './stored-response.ts';

/** Stores events; one whose sequence is there already is left as it is. */
export async function addEvents(
  transaction: Transaction<Schema>,
  responseId: string,
  events: readonly ResponseEvent[],
): Promise<void> {
  const rows = events.map(({ sequence, body }) => ({
    response_id: responseId,
    sequence,
    body: JSON.stringify(body),
  }));
  for (const chunk of chunksOf(rows)) {
    await transaction
      .insertInto('response_events')
      .values(chunk)
      .onConflict((conflict) => conflict.columns(['response_id', 'sequence']).doNothing())
      .execute();
  }
}

/** Adds events to a response that has not ended; false where it has, or is gone. */
export async function appendToUnfinished(
  db: Kysely<Schema>,
  kind: Database['kind'],
  responseId: string,
  events: readonly ResponseEvent[],
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const response = await transaction
      .selectFrom('responses')
      .select('status')
      .where('id', '=', responseId)
      .where('deleted_at', 'is', null)
      // So that it does not end in between: what comes after the end is for nobody.
      .$if(kind === 'postgres', (query) => query.forShare())
      .executeTakeFirst();
    if (response === undefined || isFinal(response.status)) return false;
    await addEvents(transaction, responseId, events);
    return true;
  });
}

export async function readEvents(
  db: Kysely<Schema>,
  owner: string,
  responseId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<ResponseEvents | null> {
  // One statement, so that status and events are of the same moment.
  const rows = await db
    .selectFrom('responses')
    .leftJoin('response_events as event', (join) =>
      join.onRef('event.response_id', '=', 'responses.id').on('event.sequence', '>', after),
    )
    .select(['responses.status', 'event.sequence', 'event.body'])
    .where('responses.id', '=', responseId)
    .where('responses.owner', '=', owner)
    .where('responses.deleted_at', 'is', null)
    .orderBy('event.sequence')
    .limit(limit)
    .execute();
  const [first] = rows;
  if (first === undefined) return null;
  const events: ResponseEvent[] = [];
  for (const { sequence, body } of rows) {
    if (sequence !== null && body !== null) events.push({ sequence, body: JSON.parse(body) });
  }
  return { status: first.status, events };
}

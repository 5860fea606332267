import { type Kysely, sql } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { endResponse } from './end-response.ts';
import type { CancelResult, ResponseEnd, ResponseRun } from './stored-response.ts';

/*
 * The life of a run. A row in `response_runs` is a run that has not ended; its state says what may happen to it.
 *
 *              claim              markStarted
 *   queued ────────────► claimed ─────────────► started
 *     │                  │    ▲ │                 │
 *     │                  └────┘ │                 │
 *     │           lease out:    │                 │  requestCancel: sets the flag, the worker ends it
 *     │           claim again   │                 │
 *     │ requestCancel           │ requestCancel   │ finish, by the worker or, once the lease is out, by anyone
 *     ▼                         ▼                 ▼
 *   ended: no row; the response has its final status, and nothing changes it any more
 *
 * - The engine may act only after `markStarted` said true. It says so once, and only to the worker that has the run,
 *   so what a run does is never done twice.
 * - A run that never started is never lost: whoever comes next after its lease claims it again.
 * - A run that started and whose worker is gone is not run again: `expired` finds it, and it is ended as failed.
 * - `finish` and `delete` end it from any state. A worker learns that from `renew`, which then says false.
 * - Until it starts, the response is `queued`; from then on `in_progress`. One that is created with a lease begins as
 *   started.
 *
 * Whoever changes both locks the run's row before the response's.
 */

/** Gives the run that has waited longest to this worker. */
export async function claimRun(
  db: Kysely<Schema>,
  kind: Database['kind'],
  workerId: string,
  now: number,
  leaseMs: number,
): Promise<ResponseRun | null> {
  for (;;) {
    const claimed = await db
      .updateTable('response_runs')
      .set(({ eb }) => ({
        state: 'claimed',
        worker_id: workerId,
        lease_until: now + leaseMs,
        attempts: eb('attempts', '+', 1),
      }))
      .where('response_id', '=', ({ selectFrom }) =>
        selectFrom('response_runs as waiting')
          .select('waiting.response_id')
          // Word for word what the partial index says, or SQLite does not take it.
          .where(sql<boolean>`waiting.state <> 'started'`)
          .where(({ or, eb }) =>
            or([eb('waiting.state', '=', 'queued'), eb('waiting.lease_until', '<=', now)]),
          )
          .orderBy('waiting.queued_at')
          .orderBy('waiting.response_id')
          .limit(1)
          .$if(kind === 'postgres', (query) => query.forUpdate().skipLocked()),
      )
      .returning('response_id')
      .executeTakeFirst();
    if (claimed === undefined) return null;
    const run = await selectRuns(db).where('run.response_id', '=', claimed.response_id).executeTakeFirst();
    // It may have been cancelled or deleted in between.
    if (run !== undefined) return readRun(run);
  }
}

export async function renewLease(
  db: Kysely<Schema>,
  id: string,
  workerId: string,
  now: number,
  leaseMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('response_runs')
    .set({ lease_until: now + leaseMs })
    .where('response_id', '=', id)
    .where('worker_id', '=', workerId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function markRunStarted(db: Kysely<Schema>, id: string, workerId: string): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('response_runs')
      .set({ state: 'started' })
      .where('response_id', '=', id)
      .where('worker_id', '=', workerId)
      .where('state', '=', 'claimed')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await transaction
      .updateTable('responses')
      .set({ status: 'in_progress' })
      .where('id', '=', id)
      .executeTakeFirst();
    return true;
  });
}

export async function requestRunCancel(
  db: Kysely<Schema>,
  kind: Database['kind'],
  owner: string,
  id: string,
  end: Omit<ResponseEnd, 'status' | 'output'>,
  now: number,
): Promise<CancelResult | null> {
  return db.transaction().execute(async (transaction) => {
    // Locks the run: it can neither start nor end before this is done.
    const run = await transaction
      .selectFrom('response_runs as run')
      .innerJoin('responses', 'responses.id', 'run.response_id')
      .select(['run.state', 'responses.background'])
      .where('run.response_id', '=', id)
      .where('responses.owner', '=', owner)
      .$if(kind === 'postgres', (query) => query.forUpdate('run'))
      .executeTakeFirst();
    if (run === undefined) {
      const response = await transaction
        .selectFrom('responses')
        .select('status')
        .where('id', '=', id)
        .where('owner', '=', owner)
        .where('deleted_at', 'is', null)
        .executeTakeFirst();
      if (response === undefined) return null;
      return response.status === 'in_progress' ? 'foreground' : 'finished';
    }
    if (run.background === 0) return 'foreground';
    if (run.state !== 'started') {
      await endResponse(transaction, kind, id, { ...end, status: 'cancelled', output: [] }, undefined, now);
      return 'cancelled';
    }
    await transaction
      .updateTable('response_runs')
      .set({ cancel_requested_at: end.completedAt })
      .where('response_id', '=', id)
      .where('cancel_requested_at', 'is', null)
      .execute();
    return 'requested';
  });
}

export async function isCancelRequested(db: Kysely<Schema>, id: string): Promise<boolean> {
  const run = await db
    .selectFrom('response_runs')
    .select('cancel_requested_at')
    .where('response_id', '=', id)
    .executeTakeFirst();
  return run !== undefined && run.cancel_requested_at !== null;
}

export async function findExpiredRuns(
  db: Kysely<Schema>,
  now: number,
  limit: number,
): Promise<ResponseRun[]> {
  const rows = await selectRuns(db)
    .where('run.lease_until', '<=', now)
    .orderBy('run.lease_until')
    .orderBy('run.response_id')
    .limit(limit)
    .execute();
  return rows.map(readRun);
}

function selectRuns(db: Kysely<Schema>) {
  return db
    .selectFrom('response_runs as run')
    .innerJoin('responses', 'responses.id', 'run.response_id')
    .select([
      'responses.id',
      'responses.owner',
      'responses.created_at',
      'responses.background',
      'responses.previous_response_id',
      'responses.conversation_id',
      'responses.request',
      'responses.response',
      'run.state',
      'run.attempts',
      'run.cancel_requested_at',
    ])
    .select(({ selectFrom }) =>
      selectFrom('response_events as event')
        .select(({ fn }) => fn.max('event.sequence').as('last'))
        .whereRef('event.response_id', '=', 'run.response_id')
        .as('last_sequence'),
    );
}

function readRun(
  row: NonNullable<Awaited<ReturnType<ReturnType<typeof selectRuns>['executeTakeFirst']>>>,
): ResponseRun {
  return {
    id: row.id,
    owner: row.owner,
    createdAt: row.created_at,
    background: row.background === 1,
    previousResponseId: row.previous_response_id,
    conversationId: row.conversation_id,
    request: JSON.parse(row.request),
    response: JSON.parse(row.response),
    started: row.state === 'started',
    attempt: row.attempts,
    cancelRequested: row.cancel_requested_at !== null,
    lastSequence: row.last_sequence,
  };
}

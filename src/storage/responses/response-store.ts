import type { Kysely } from 'kysely';
import type { JsonObject } from '../../turn/index.ts';
import { findItems } from '../items/find-items.ts';
import { type ItemList, type ItemPage, pageItems } from '../items/page-items.ts';
import type { StoredItem } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { createResponse } from './create-response.ts';
import { endResponse } from './end-response.ts';
import { appendToUnfinished, readEvents } from './events.ts';
import { loadHistory } from './load-history.ts';
import { deleteOldResponses, deleteResponse } from './remove-responses.ts';
import {
  claimRun,
  findExpiredRuns,
  isCancelRequested,
  markRunStarted,
  renewLease,
  requestRunCancel,
} from './runs.ts';
import type {
  CancelResult,
  EndGuard,
  NewResponse,
  ResponseEnd,
  ResponseEvent,
  ResponseEvents,
  ResponseHistory,
  ResponseRun,
  StoredResponse,
} from './stored-response.ts';

/**
 * Responses with their items, their events and, while they last, their runs. What has an owner is found by that
 * owner alone. The life of a run is told in runs.ts.
 */
export class ResponseStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely' | 'kind'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#kind = database.kind;
    this.#now = now;
  }

  /**
   * Stores a response before it runs.
   * @throws {StorageError} `unknown_response` or `unknown_conversation` where it continues what the owner does not
   *   have (any more); `duplicate_item` where an id stands twice in the input.
   */
  create(response: NewResponse, input: readonly StoredItem[]): Promise<void> {
    return createResponse(this.#db, this.#kind, response, input, this.#now());
  }

  async get(owner: string, id: string): Promise<StoredResponse | null> {
    const row = await this.#db
      .selectFrom('responses')
      .selectAll()
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) return null;
    return {
      id: row.id,
      owner: row.owner,
      status: row.status,
      background: row.background === 1,
      createdAt: row.created_at,
      completedAt: row.completed_at,
      previousResponseId: row.previous_response_id,
      conversationId: row.conversation_id,
      request: JSON.parse(row.request),
      response: JSON.parse(row.response),
    };
  }

  /**
   * Deletes a response with its items and events, and ends its run; false where the owner has none. Responses that
   * continue it keep its items in their history.
   */
  delete(owner: string, id: string): Promise<boolean> {
    return deleteResponse(this.#db, this.#kind, owner, id, this.#now());
  }

  /**
   * The items that this response itself was given; null where the owner has no such response.
   * @throws {StorageError} `unknown_item` where it has no item of the cursor's id.
   */
  async inputItems(owner: string, id: string, page: ItemPage): Promise<ItemList | null> {
    const response = await this.#db
      .selectFrom('responses')
      .select('id')
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    if (response === undefined) return null;
    const links = this.#db
      .selectFrom('response_items as link')
      .where('link.response_id', '=', id)
      .where('link.is_output', '=', 0);
    return pageItems(
      {
        positionsOf: async (ids) => {
          const rows = await links
            .select(['link.item_id', 'link.position'])
            .where('link.item_id', 'in', ids)
            .execute();
          return new Map(rows.map((row) => [row.item_id, row.position]));
        },
        read: ({ above, below, direction, limit }) =>
          links
            .innerJoin('items', (join) =>
              join
                .onRef('items.owner', '=', 'link.owner')
                .onRef('items.id', '=', 'link.item_id')
                .onRef('items.digest', '=', 'link.digest'),
            )
            .select(['items.id', 'items.body'])
            .$if(above !== undefined, (query) => query.where('link.position', '>', above ?? 0))
            .$if(below !== undefined, (query) => query.where('link.position', '<', below ?? 0))
            .orderBy('link.position', direction)
            .limit(limit)
            .execute(),
      },
      page,
    );
  }

  /**
   * Ends a response: once only. False, and nothing is changed, where it has ended, was deleted or never was, or
   * where the guard does not hold (of a run that is nobody's, none does).
   * @throws {StorageError} `duplicate_item` where an id stands twice in the output.
   */
  finish(id: string, end: ResponseEnd, guard?: EndGuard): Promise<boolean> {
    return this.#db
      .transaction()
      .execute((transaction) => endResponse(transaction, this.#kind, id, end, guard, this.#now()));
  }

  /** Everything that was said up to the end of a response, oldest first; null where the owner has no such response. */
  history(owner: string, id: string): Promise<ResponseHistory | null> {
    return loadHistory(this.#db, owner, id);
  }

  /** The bodies of the owner's items, in responses and conversations, by their ids; those not there are left out. */
  findItems(owner: string, ids: readonly string[]): Promise<Map<string, JsonObject>> {
    return findItems(this.#db, owner, ids);
  }

  /** Adds events; one whose sequence is there already is left as it is. False where the response has ended or is gone. */
  appendEvents(responseId: string, events: readonly ResponseEvent[]): Promise<boolean> {
    return appendToUnfinished(this.#db, this.#kind, responseId, events);
  }

  /** The events after a sequence (all of them: after -1), with the status; null where the owner has no such response. */
  events(
    owner: string,
    responseId: string,
    range: { readonly after: number; readonly limit: number },
  ): Promise<ResponseEvents | null> {
    return readEvents(this.#db, owner, responseId, range);
  }

  /** Gives the run that has waited longest, and that never started, to this worker alone; null where none waits. */
  claim(workerId: string, now: number, leaseMs: number): Promise<ResponseRun | null> {
    return claimRun(this.#db, this.#kind, workerId, now, leaseMs);
  }

  /** Prolongs the lease, though it ran out meanwhile. False where the run has ended or went to another worker: stop. */
  renew(id: string, workerId: string, now: number, leaseMs: number): Promise<boolean> {
    return renewLease(this.#db, id, workerId, now, leaseMs);
  }

  /** To be called before the engine acts, which it may only where this is true. True once for each run. */
  markStarted(id: string, workerId: string): Promise<boolean> {
    return markRunStarted(this.#db, id, workerId);
  }

  /**
   * Cancels a run in the background: at once where it has not started, with this response and these events; else
   * its worker is told to. Null where the owner has no such response.
   */
  requestCancel(
    owner: string,
    id: string,
    end: { readonly completedAt: number } & Pick<ResponseEnd, 'response' | 'events'>,
  ): Promise<CancelResult | null> {
    return requestRunCancel(this.#db, this.#kind, owner, id, end, this.#now());
  }

  /** Whether the worker was told to stop. False as well once the run has ended: `renew` tells that. */
  cancelRequested(id: string): Promise<boolean> {
    return isCancelRequested(this.#db, id);
  }

  /**
   * Runs whose lease has run out, those first that are longest without one. One that `started` is to be ended with
   * `finish` and the guard `leaseExpiredAt`; the others wait to be claimed.
   */
  expired(now: number, limit = 100): Promise<ResponseRun[]> {
    return findExpiredRuns(this.#db, now, limit);
  }

  /**
   * Deletes responses that were created before the time, in batches, unless they still run or a younger one
   * continues them. Returns how many.
   */
  deleteOlderThan(time: number): Promise<number> {
    return deleteOldResponses(this.#db, this.#kind, time);
  }
}

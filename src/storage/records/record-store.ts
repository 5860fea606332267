import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { RecordDetail, RecordFilter, RequestRecord, Stats, StatsQuery } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { type FoundRecords, findRecords, rowsPerSearch } from './find-records.ts';
import { fromCursor, type Position, toCursor } from './position.ts';
import { readStats } from './read-stats.ts';
import { readStoredAmount } from './record-days.ts';
import { toRecord } from './record-row.ts';
import { removeExcessDetails, removeRecords, removeRollUps } from './remove-records.ts';
import { type NewRecord, writeRecords } from './write-records.ts';

/** Records in one page of an export. */
const exportPage = 500;

export interface RecordList {
  readonly items: RequestRecord[];
  /** Null: that was all. */
  readonly nextCursor: string | null;
  /**
   * How far back was searched, where a search that finds little was cut short before its page was full; `nextCursor`
   * goes on from there.
   */
  readonly searchedTo: number | null;
}

/**
 * What was asked of the server: the requests, their bodies where those are kept, and statistics. Every query reads a
 * bounded number of rows, however many there are.
 */
export class RecordStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];
  readonly #now: () => number;
  readonly #mostRead: number;

  /** @param mostRead rows that are looked at for one page at most; for tests. */
  constructor(
    database: Pick<Database, 'kysely' | 'kind'>,
    now: () => number = Date.now,
    mostRead: number = rowsPerSearch,
  ) {
    this.#db = database.kysely;
    this.#kind = database.kind;
    this.#now = now;
    this.#mostRead = mostRead;
  }

  /**
   * Stores a batch, all or none, and adds it to the statistics. A record whose id is there already is left as it is
   * and counted once. Texts that are too long are cut.
   */
  async write(batch: readonly NewRecord[]): Promise<void> {
    if (batch.length > 0) await writeRecords(this.#db, this.#kind, batch);
  }

  /**
   * Records that fit, newest first; from `from` on, and before `to`. A model is the one that was used.
   * @throws {StorageError} `bad_cursor`.
   */
  async list(
    filter: RecordFilter,
    page: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<RecordList> {
    const before = page.cursor === undefined ? undefined : fromCursor(page.cursor);
    const { rows, next, searchedTo } = await findRecords(this.#db, filter, {
      before,
      limit: page.limit,
      mostRead: this.#mostRead,
    });
    return { items: rows.map(toRecord), nextCursor: next === null ? null : toCursor(next), searchedTo };
  }

  /** All that fit, newest first, in pages of up to 500. Between pages nothing is held in the database. */
  async *all(filter: RecordFilter): AsyncGenerator<readonly RequestRecord[]> {
    let before: Position | undefined;
    for (;;) {
      const found: FoundRecords = await findRecords(this.#db, filter, {
        before,
        limit: exportPage,
        mostRead: this.#mostRead,
      });
      if (found.rows.length > 0) yield found.rows.map(toRecord);
      if (found.next === null) return;
      before = found.next;
      // SQLite answers at once: without this nobody else would have a turn.
      await setImmediate();
    }
  }

  async get(id: string): Promise<RequestRecord | null> {
    const row = await this.#db
      .selectFrom('request_logs')
      .selectAll()
      .where('request_id', '=', storableText(id))
      .executeTakeFirst();
    return row === undefined ? null : toRecord(row);
  }

  /** Headers, bodies and timeline; null where they were not kept, or not so long. */
  async detail(id: string): Promise<RecordDetail | null> {
    const row = await this.#db
      .selectFrom('request_logs as log')
      .innerJoin('request_details as detail', 'detail.id', 'log.id')
      .select('detail.body')
      .where('log.request_id', '=', storableText(id))
      .executeTakeFirst();
    // Rows of older versions have no headers.
    return row === undefined
      ? null
      : { requestHeaders: null, responseHeaders: null, ...JSON.parse(row.body) };
  }

  /**
   * Figures by whole minutes, hours or UTC days, as the answer says. A step that makes too many points, or whose sums
   * are no longer kept, is answered with the next longer one.
   */
  stats(query: StatsQuery): Promise<Stats> {
    return readStats(this.#db, this.#kind, query, this.#now());
  }

  /** How much is stored, by the books that are kept beside: exact and quick. */
  async storedStatus(): Promise<{
    readonly storedRows: number;
    /** Of bodies and timelines, as they are stored. */
    readonly storedDetailBytes: number;
    readonly oldestAt: number | null;
  }> {
    const { records, detailBytes } = await readStoredAmount(this.#db);
    const oldest = await this.#db
      .selectFrom('request_logs')
      .select('started_at')
      .orderBy('started_at')
      .limit(1)
      .executeTakeFirst();
    return { storedRows: records, storedDetailBytes: detailBytes, oldestAt: oldest?.started_at ?? null };
  }

  /**
   * Deletes records that started before the time, with their bodies: the oldest, at most `limit`, in one short
   * transaction. Returns how many; call it again while that is `limit`.
   */
  removeOlderThan(time: number, limit: number): Promise<number> {
    return removeRecords(this.#db, this.#kind, time, limit);
  }

  /** Deletes the oldest bodies, at most `limit`, while all together are above `maxBytes`. Returns how many. */
  removeDetailsBeyond(maxBytes: number, limit: number): Promise<number> {
    return removeExcessDetails(this.#db, this.#kind, maxBytes, limit);
  }

  /**
   * Deletes statistics by minute after 8 days, and by hour after 100 days or with the records, whichever is later:
   * at most `limit`. Those by day are kept. Returns how many.
   * @param recordsKeptMs how long records are kept; null: for ever.
   */
  removeOldRollUps(recordsKeptMs: number | null, limit: number): Promise<number> {
    return removeRollUps(this.#db, this.#now(), recordsKeptMs, limit);
  }
}

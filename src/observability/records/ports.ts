import type { RecordDetail, RequestRecord } from '../../contract/index.ts';

/** A record, with what is kept of bodies and timeline. */
export interface KeptRecord {
  readonly record: RequestRecord;
  readonly detail?: RecordDetail;
}

/** Where records are kept. */
export interface RecordStore {
  /** All or none. A record that is there already is left as it is. */
  write(batch: readonly KeptRecord[]): Promise<void>;
}

/** What makes room among the records. Each removes the oldest, at most `limit`, and returns how many. */
export interface RecordRetentionStore {
  /** Records that began before this time (milliseconds since 1970), details included. */
  removeOlderThan(time: number, limit: number): Promise<number>;
  /** Details, while all together take more bytes than this. */
  removeDetailsBeyond(bytes: number, limit: number): Promise<number>;
  /** Statistics that are finer than their age deserves. Null: records are kept for ever. */
  removeOldRollUps(recordsKeptMs: number | null, limit: number): Promise<number>;
}

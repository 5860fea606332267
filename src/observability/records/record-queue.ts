import type { KeptRecord } from './ports.ts';

export interface QueuedRecord {
  kept: KeptRecord;
  /** Of the detail; 0 without one. */
  detailBytes: number;
  /** How often it could not be written on its own. */
  failures: number;
  /** Records that had been written when it failed first. */
  writtenBefore: number;
}

export interface QueueLimits {
  readonly mostRows: number;
  /** Of details. */
  readonly mostBytes: number;
}

/** Records that wait to be written, oldest first. What does not fit is dropped: the oldest details, then the oldest rows. */
export class RecordQueue {
  readonly #limits: QueueLimits;
  #waiting: QueuedRecord[] = [];
  /** So many of the first have no detail. */
  #bare = 0;
  #bytes = 0;
  #droppedRows = 0;
  #droppedDetails = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get droppedRows(): number {
    return this.#droppedRows;
  }

  get droppedDetails(): number {
    return this.#droppedDetails;
  }

  add(record: QueuedRecord): void {
    this.#waiting.push(record);
    this.#bytes += record.detailBytes;
    this.#keepToLimits();
  }

  /** Takes out the oldest: so many rows, and of details so many bytes, but one at least. */
  take(mostRows: number, mostBytes: number): QueuedRecord[] {
    let bytes = 0;
    let rows = 0;
    for (const { detailBytes } of this.#waiting) {
      bytes += detailBytes;
      if (rows === mostRows || (rows > 0 && bytes > mostBytes)) break;
      rows += 1;
    }
    return this.#takeFirst(rows);
  }

  /** Puts records back that could not be written. */
  putBack(records: readonly QueuedRecord[]): void {
    this.#waiting = [...records, ...this.#waiting];
    this.#bare = 0;
    for (const { detailBytes } of records) this.#bytes += detailBytes;
    this.#keepToLimits();
  }

  /** A detail was lost before it came here. */
  countLostDetail(): void {
    this.#droppedDetails += 1;
  }

  drop(records: readonly QueuedRecord[]): void {
    this.#droppedRows += records.length;
    this.#droppedDetails += records.filter(({ detailBytes }) => detailBytes > 0).length;
  }

  #keepToLimits(): void {
    while (this.#bytes > this.#limits.mostBytes) this.#dropOldestDetail();
    const excess = this.#waiting.length - this.#limits.mostRows;
    if (excess <= 0) return;
    // Details are the first to go wherever there is something to drop.
    for (let dropped = 0; dropped < excess && this.#bytes > 0; dropped++) this.#dropOldestDetail();
    this.drop(this.#takeFirst(excess));
  }

  #dropOldestDetail(): void {
    let oldest = this.#waiting[this.#bare];
    while (oldest !== undefined && oldest.detailBytes === 0) {
      this.#bare += 1;
      oldest = this.#waiting[this.#bare];
    }
    if (oldest === undefined) {
      this.#bytes = 0;
      return;
    }
    this.#bytes -= oldest.detailBytes;
    oldest.kept = { record: oldest.kept.record };
    oldest.detailBytes = 0;
    this.#bare += 1;
    this.#droppedDetails += 1;
  }

  #takeFirst(rows: number): QueuedRecord[] {
    const taken = this.#waiting.splice(0, rows);
    this.#bare = Math.max(0, this.#bare - rows);
    for (const { detailBytes } of taken) this.#bytes -= detailBytes;
    return taken;
  }
}

import { type LogLine, type LogRow, toLogRow } from './log-row.ts';

export interface LogView {
  readonly rows: readonly LogRow[];
  readonly paused: boolean;
  /** Lines that came while it is paused. */
  readonly waiting: number;
  /** Lines that the server did not send, and old ones that made room for new ones. */
  readonly dropped: number;
}

interface LogBufferOptions {
  /** Most lines that are kept. */
  readonly limit?: number;
  /** Calls back soon; how views are put together that come many times a second. */
  readonly later?: (callback: () => void) => void;
}

const everyMs = 100;
const empty: LogView = { rows: [], paused: false, waiting: 0, dropped: 0 };

/** The last lines of the log as a page shows them. */
export class LogBuffer {
  readonly #limit: number;
  readonly #later: (callback: () => void) => void;
  readonly #listeners = new Set<() => void>();
  #rows: readonly LogRow[] = [];
  #held: readonly LogRow[] = [];
  #came: LogRow[] = [];
  #view: LogView = empty;
  #paused = false;
  #waiting = 0;
  #dropped = 0;
  #nextId = 0;
  /** What is older was cleared away, and does not come back with the tail. */
  #clearedAt = Number.NEGATIVE_INFINITY;
  #telling = false;

  constructor({
    limit = 5000,
    later = (callback) => void setTimeout(callback, everyMs),
  }: LogBufferOptions = {}) {
    this.#limit = limit;
    this.#later = later;
  }

  get view(): LogView {
    return this.#view;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A line that was just written. */
  push(line: LogLine): void {
    this.#came.push(this.#row(line));
    if (this.#telling) return;
    this.#telling = true;
    this.#later(() => {
      this.#telling = false;
      this.#takeIn();
      this.#tell();
    });
  }

  /** The tail as the server has it: what is missing here is put in by its time. */
  merge(tail: readonly LogLine[]): void {
    this.#takeIn();
    const known = new Set([...this.#rows, ...this.#held].map(({ json }) => json));
    const missing = tail
      .map((line) => this.#row(line))
      .filter(({ json, time }) => !known.has(json) && (time ?? 0) > this.#clearedAt);
    if (missing.length === 0) return;
    this.#rows = this.#cut([...missing, ...this.#rows].sort((a, b) => (a.time ?? 0) - (b.time ?? 0)));
    this.#tell();
  }

  pause(): void {
    this.#takeIn();
    this.#paused = true;
    this.#tell();
  }

  resume(): void {
    this.#takeIn();
    this.#paused = false;
    this.#rows = this.#cut([...this.#rows, ...this.#held]);
    this.#held = [];
    this.#waiting = 0;
    this.#tell();
  }

  /** Empties what is shown; a pause goes on. */
  clear(): void {
    this.#takeIn();
    this.#clearedAt = Math.max(
      this.#clearedAt,
      ...[...this.#rows, ...this.#held].map(({ time }) => time ?? 0),
    );
    this.#rows = [];
    this.#held = [];
    this.#waiting = 0;
    this.#dropped = 0;
    this.#tell();
  }

  #takeIn(): void {
    const came = this.#came;
    if (came.length === 0) return;
    this.#came = [];
    for (const { leftOut } of came) this.#dropped += leftOut;
    if (this.#paused) {
      this.#waiting += came.length;
      this.#held = this.#cut([...this.#held, ...came]);
    } else {
      this.#rows = this.#cut([...this.#rows, ...came]);
    }
  }

  #cut(rows: readonly LogRow[]): readonly LogRow[] {
    const over = rows.length - this.#limit;
    if (over <= 0) return rows;
    this.#dropped += over;
    return rows.slice(over);
  }

  #row(line: LogLine): LogRow {
    this.#nextId += 1;
    return toLogRow(line, this.#nextId);
  }

  #tell(): void {
    this.#view = {
      rows: this.#rows,
      paused: this.#paused,
      waiting: this.#waiting,
      dropped: this.#dropped,
    };
    for (const listener of this.#listeners) listener();
  }
}

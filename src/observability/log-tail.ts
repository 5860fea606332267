import { isJsonObject, type Json } from '../turn/index.ts';

/** A finished line of the log, secrets taken out. */
export type LogLine = Record<string, Json>;
export type LogListener = (line: LogLine) => void;

const keptLines = 500;
/** Listeners are told so many lines a second; of the rest, how many there were. */
const linesPerSecond = 200;
/** A line that is longer is kept without its fields. */
const longestLine = 16 * 1024;
const longestMessage = 2000;

/** The last lines of the log, for whoever looks at them from within. */
export class LogTail {
  /** As texts: most are never looked at. */
  readonly #lines: string[] = [];
  readonly #listeners = new Set<LogListener>();
  #window = 0;
  #told = 0;
  #leftOut = 0;
  #timer: NodeJS.Timeout | undefined;
  #telling = false;

  push(line: string): void {
    const kept = shorten(line);
    this.#lines.push(kept);
    if (this.#lines.length > keptLines) this.#lines.shift();
    // A listener that logs is not told of that: it would never end.
    if (this.#listeners.size === 0 || this.#telling) return;
    this.#beginWindow();
    if (this.#told < linesPerSecond) {
      this.#told += 1;
      this.#tell(parse(kept));
    } else {
      this.#leftOut += 1;
    }
  }

  /** Newest last. */
  lines(): LogLine[] {
    return this.#lines.map(parse);
  }

  /** Tells of each line from now on. Returns the way to stop it. */
  listen(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Windows begin with a line, and end a second later: only then is there a timer. */
  #beginWindow(): void {
    const now = performance.now();
    if (this.#timer !== undefined && now - this.#window < 1000) return;
    this.#endWindow();
    this.#window = now;
    this.#timer = setTimeout(() => this.#endWindow(), 1000);
    this.#timer.unref();
  }

  #endWindow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = 0;
    const leftOut = this.#leftOut;
    if (leftOut === 0) return;
    this.#leftOut = 0;
    this.#tell({ level: 40, time: Date.now(), leftOut, msg: `${leftOut} lines more than can be shown live` });
  }

  #tell(line: LogLine): void {
    this.#telling = true;
    try {
      for (const listener of this.#listeners) listener(line);
    } finally {
      this.#telling = false;
    }
  }
}

function shorten(line: string): string {
  if (line.length <= longestLine) return line;
  const { level, time, requestId, msg } = parse(line);
  const message = typeof msg === 'string' ? msg.slice(0, longestMessage) : '';
  return JSON.stringify({ level, time, requestId, msg: message, fullLength: line.length });
}

function parse(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? { ...value } : { msg: line };
  } catch {
    return { msg: line };
  }
}

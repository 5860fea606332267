import type { TimelineEntry } from '../../contract/index.ts';
import type { DetailLevel, RunEvent } from './run-event.ts';
import { TextBlock } from './text-block.ts';
import { isWhole, skeleton, timelineEntry, type WholeEvent } from './timeline-entry.ts';

export interface RunTimelineOptions {
  readonly level: DetailLevel;
  /** Milliseconds since the request began. */
  readonly elapsedMs: () => number;
  /** Told of each entry as it happens, texts in pieces. */
  readonly onEntry: (entry: TimelineEntry) => void;
  /** Most that is kept of the run, in bytes, about. */
  readonly maxBytes?: number;
  /** Most entries that are kept, besides the ends. */
  readonly maxEntries?: number;
  /** How long deltas of texts are gathered. */
  readonly gatherMs?: number;
}

const skeletonBytes = 160;

/**
 * What happens in a run, for those who watch it and for keeping. What does not fit is kept without its texts, then
 * not at all; the ends are always kept.
 */
export class RunTimeline {
  readonly #options: RunTimelineOptions;
  readonly #gatherMs: number;
  readonly #kept: (TimelineEntry | TextBlock)[] = [];
  readonly #open = new Map<number, TextBlock>();
  #timer: NodeJS.Timeout | undefined;
  #bytesLeft: number;
  #entriesLeft: number;
  #truncated = false;

  constructor(options: RunTimelineOptions) {
    this.#options = options;
    this.#gatherMs = options.gatherMs ?? 100;
    this.#bytesLeft = options.maxBytes ?? 512 * 1024;
    this.#entriesLeft = options.maxEntries ?? 5000;
  }

  /** Something was left out for its size. */
  get truncated(): boolean {
    return this.#truncated;
  }

  observe({ choice, event }: RunEvent): void {
    switch (event.type) {
      case 'text.started':
      case 'thinking.started':
        this.#close(choice);
        break;
      case 'text.delta':
        this.#addText(choice, 'text', event.text);
        break;
      case 'thinking.delta':
        this.#addText(choice, 'thinking', event.text);
        break;
      default:
        if (isWhole(event)) this.#add(choice, event);
    }
  }

  /** What was told so far, texts joined. Tells first what waits, so that what is told later goes on from here. */
  soFar(): TimelineEntry[] {
    this.#tellPieces();
    return this.#entries(true);
  }

  /** All, texts joined. */
  whole(): TimelineEntry[] {
    return this.#entries(false);
  }

  /** Tells what waits; nothing is told after it. */
  end(): void {
    for (const choice of [...this.#open.keys()]) this.#close(choice);
    this.#stopTimer();
  }

  #entries(onlyTold: boolean): TimelineEntry[] {
    return this.#kept.flatMap((kept) => {
      const entry = kept instanceof TextBlock ? kept.toEntry(onlyTold) : kept;
      return entry === undefined ? [] : [entry];
    });
  }

  #addText(choice: number, type: 'text' | 'thinking', text: string): void {
    if (text === '') return;
    let block = this.#open.get(choice);
    const atMs = this.#now();
    if (block === undefined || block.isType !== type) {
      this.#close(choice);
      block = new TextBlock(type, { atMs, choice }, this.#options.level);
      this.#open.set(choice, block);
      if (this.#takeEntry()) this.#kept.push(block);
    }
    // A character takes a byte or more; counting it as one keeps the order of size.
    const kept = block.add(text, atMs, Math.max(0, this.#bytesLeft));
    this.#bytesLeft -= kept;
    if (kept < text.length && this.#options.level === 'full') this.#truncated = true;
    this.#startTimer();
  }

  #add(choice: number, event: WholeEvent): void {
    // A subagent works beside the text; all else ends it.
    if (!('parentCallId' in event)) this.#close(choice);
    const when = { atMs: this.#now(), choice };
    const entry = timelineEntry(event, when, this.#options.level);
    this.#keep(entry);
    this.#options.onEntry(entry);
  }

  #keep(entry: TimelineEntry): void {
    const isEnd = entry.type === 'done' || entry.type === 'error';
    if (!this.#takeEntry() && !isEnd) return;
    const bytes = sizeOf(entry);
    const fits = bytes <= this.#bytesLeft;
    if (!fits) this.#truncated = true;
    this.#kept.push(fits ? entry : skeleton(entry));
    this.#bytesLeft -= fits ? bytes : Math.min(skeletonBytes, this.#bytesLeft);
  }

  #takeEntry(): boolean {
    if (this.#entriesLeft === 0) {
      this.#truncated = true;
      return false;
    }
    this.#entriesLeft -= 1;
    return true;
  }

  #close(choice: number): void {
    const block = this.#open.get(choice);
    if (block === undefined) return;
    this.#open.delete(choice);
    const piece = block.takePiece(true);
    if (piece !== undefined) this.#options.onEntry(piece);
  }

  #tellPieces(): void {
    this.#stopTimer();
    for (const block of this.#open.values()) {
      const piece = block.takePiece(false);
      if (piece !== undefined) this.#options.onEntry(piece);
    }
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => this.#tellPieces(), this.#gatherMs).unref();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #now(): number {
    return Math.max(0, Math.round(this.#options.elapsedMs()));
  }
}

/** Of most entries the same; what is large has a bound of its own. */
function sizeOf(entry: TimelineEntry): number {
  return entry.type === 'usage' || entry.type === 'text_reset'
    ? skeletonBytes
    : Buffer.byteLength(JSON.stringify(entry));
}

import type { TimelineEntry } from '../../contract/index.ts';
import { placeholder } from './copy-json.ts';
import { cleanText, endOfWhole, redactText, storable } from './redact-text.ts';
import type { DetailLevel } from './run-event.ts';
import type { When } from './timeline-entry.ts';

/** A text, or a piece of thinking, that comes in deltas. */
export class TextBlock {
  readonly #type: 'text' | 'thinking';
  readonly #when: When;
  readonly #level: DetailLevel;
  /** The beginning, as far as it is kept. */
  #kept = '';
  #length = 0;
  /** What has not been told live yet. */
  #waiting = '';
  #waitingLength = 0;
  #waitingSince = 0;

  constructor(type: 'text' | 'thinking', when: When, level: DetailLevel) {
    this.#type = type;
    this.#when = when;
    this.#level = level;
  }

  /** Adds a delta, of which no more than so many characters are kept. Returns how many were. */
  add(text: string, atMs: number, room: number): number {
    if (this.#waitingLength === 0) this.#waitingSince = atMs;
    this.#length += text.length;
    this.#waitingLength += text.length;
    if (this.#level !== 'full') return 0;
    this.#waiting += text;
    // Where something was left out before, what follows would join what does not belong together.
    if (this.#kept.length < this.#length - text.length) return 0;
    const kept = text.slice(0, room);
    this.#kept += kept;
    return kept.length;
  }

  get isType(): 'text' | 'thinking' {
    return this.#type;
  }

  /** What is new since the last time. Its last word waits, unless the text ends here: a secret must not come in two. */
  takePiece(ends: boolean): TimelineEntry | undefined {
    const isText = this.#level === 'full';
    const end = isText && !ends ? endOfWhole(this.#waiting) : this.#waitingLength;
    if (end === 0) return undefined;
    const text = isText ? storable(redactText(this.#waiting.slice(0, end))) : placeholder('text', end);
    this.#waiting = this.#waiting.slice(end);
    this.#waitingLength -= end;
    return { ...this.#when, atMs: this.#waitingSince, type: this.#type, text };
  }

  /** The whole, or only what was told live. */
  toEntry(onlyTold: boolean): TimelineEntry | undefined {
    const length = onlyTold ? this.#length - this.#waitingLength : this.#length;
    if (length === 0) return undefined;
    const base = { ...this.#when, type: this.#type };
    if (this.#level !== 'full') return { ...base, text: placeholder('text', length), fullLength: length };
    if (this.#kept.length >= length) return { ...base, text: cleanText(this.#kept.slice(0, length), length) };
    const text = cleanText(this.#kept, endOfWhole(this.#kept));
    return { ...base, text, fullLength: length };
  }
}

/**
 * Finds the first of several stop sequences in a text that comes in pieces. What might be the beginning of a
 * stop sequence is held back until it is clear, so nothing of one is ever let through.
 */
export class StopMatcher {
  readonly #stop: readonly string[];
  #held = '';
  #stopped = false;

  constructor(stop: readonly string[]) {
    this.#stop = stop.filter((sequence) => sequence !== '');
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** The text that may be let through now. After a stop sequence there is none. */
  push(text: string): string {
    if (this.#stopped) return '';
    if (this.#stop.length === 0) return text;
    this.#held += text;
    const open = this.#held.length - this.#possibleStart();
    const at = this.#firstStop();
    // What begins before a match may still become an earlier one.
    if (at === undefined || open < at) return this.#take(Math.min(open, at ?? open));
    return this.#stopAt(at);
  }

  /** The text held back, once no more will come. May yet find that a stop sequence was reached. */
  flush(): string {
    if (this.#stopped) return '';
    const at = this.#firstStop();
    return at === undefined ? this.#take(this.#held.length) : this.#stopAt(at);
  }

  #firstStop(): number | undefined {
    const positions = this.#stop.map((sequence) => this.#held.indexOf(sequence)).filter((at) => at >= 0);
    return positions.length === 0 ? undefined : Math.min(...positions);
  }

  #stopAt(at: number): string {
    this.#stopped = true;
    return this.#take(at);
  }

  #take(length: number): string {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return text;
  }

  /** How many characters at the end could begin a stop sequence. */
  #possibleStart(): number {
    const longest = Math.max(...this.#stop.map((sequence) => sequence.length)) - 1;
    for (let length = Math.min(longest, this.#held.length); length > 0; length--) {
      const end = this.#held.slice(-length);
      if (this.#stop.some((sequence) => sequence.startsWith(end))) return length;
    }
    return 0;
  }
}

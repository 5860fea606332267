/** A label's values come from a list, and never more than so many: each one is a series that is kept for good. */
export class BoundedLabel {
  readonly #isKnown: (value: string) => boolean;
  readonly #most: number;
  readonly #seen = new Set<string>();

  constructor(isKnown: (value: string) => boolean, most = 100) {
    this.#isKnown = isKnown;
    this.#most = most;
  }

  /** The value where it is on the list, else `other`; `none` where there is none. */
  of(value: string | null): string {
    if (value === null) return 'none';
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= this.#most || !this.#isKnown(value)) return 'other';
    this.#seen.add(value);
    return value;
  }
}

/** What became of the rows of one kind. */
export class Tally {
  taken = 0;
  readonly #remarks = new Map<string, number>();

  /** Counts a row for which there is this to say. */
  note(remark: string): void {
    this.#remarks.set(remark, (this.#remarks.get(remark) ?? 0) + 1);
  }

  /** Such as `Took over 3 API keys; 1 left out, without a key`. */
  describe(kind: string): string {
    const remarks = [...this.#remarks].map(([remark, count]) => `${count} ${remark}`);
    return [`Took over ${this.taken} ${kind}`, ...remarks].join('; ');
  }

  /** For the audit log. */
  toJSON(): Readonly<Record<string, number>> {
    return { taken: this.taken, ...Object.fromEntries(this.#remarks) };
  }
}

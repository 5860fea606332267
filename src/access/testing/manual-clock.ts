/** A time that stands still until it is moved. */
export class ManualClock {
  #time = Date.UTC(2026, 0, 15, 12);

  readonly now = (): number => this.#time;

  advance(ms: number): void {
    this.#time += ms;
  }
}

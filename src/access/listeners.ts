import type { ReportProblem } from './report-problem.ts';

/** Those who want to be told. One that breaks harms neither the others nor what they are told of. */
export class Listeners<Event> {
  readonly #all = new Set<(event: Event) => void>();
  readonly #onProblem: ReportProblem;

  constructor(onProblem: ReportProblem) {
    this.#onProblem = onProblem;
  }

  /** Returns what ends it. */
  add(listener: (event: Event) => void): () => void {
    // Its own function, so that one who listens twice is told twice and leaves one by one.
    const added = (event: Event): void => listener(event);
    this.#all.add(added);
    return () => {
      this.#all.delete(added);
    };
  }

  tell(event: Event): void {
    for (const listener of this.#all) {
      try {
        listener(event);
      } catch (error) {
        this.#onProblem('a listener broke', error);
      }
    }
  }
}

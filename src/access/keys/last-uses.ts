import type { KeyStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';

/** How long a use waits for others to be written with. */
const delayMs = 5_000;
/** More keys than this in one batch: the times of the rest are left out. */
const mostWaiting = 10_000;

/** Writes down when keys were used: in batches, in the background. Disposing of it writes what is left. */
export class LastUses implements AsyncDisposable {
  readonly #store: Pick<KeyStore, 'markUsed'>;
  readonly #onProblem: ReportProblem;
  #waiting = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #over = false;

  constructor(store: Pick<KeyStore, 'markUsed'>, onProblem: ReportProblem) {
    this.#store = store;
    this.#onProblem = onProblem;
  }

  note(keyId: string, at: number): void {
    if (this.#over) return;
    this.#keep(keyId, at);
    this.#schedule();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  #keep(keyId: string, at: number): void {
    const before = this.#waiting.get(keyId);
    if (before === undefined && this.#waiting.size >= mostWaiting) return;
    this.#waiting.set(keyId, Math.max(at, before ?? at));
  }

  #schedule(): void {
    if (this.#over || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    }, delayMs);
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const batch = this.#waiting;
    this.#waiting = new Map();
    try {
      await this.#store.markUsed(batch);
    } catch (error) {
      for (const [keyId, at] of batch) this.#keep(keyId, at);
      this.#schedule();
      this.#onProblem('the times of last use of API keys could not be written', error);
    }
  }
}

/**
 * Lets commands of one run at a time work in a workspace, so that it is plain whose work its changes are. Nobody waits
 * longer than until the first of those inside has been there for `patience` milliseconds; then more go in at once.
 */
export class CommandGate<Run> {
  readonly #patience: number;
  /** How many commands each run has inside, and since when it is there. */
  readonly #inside = new Map<Run, { commands: number; readonly since: number }>();
  readonly #waiting = new Set<() => void>();

  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Resolves when the run's command may begin; also when the signal aborts. Each entry is to be followed by a `leave`. */
  async enter(run: Run, signal: AbortSignal): Promise<void> {
    while (!this.#admits(run) && !signal.aborted) await this.#change(signal);
    const place = this.#inside.get(run);
    if (place !== undefined) place.commands++;
    else this.#inside.set(run, { commands: 1, since: performance.now() });
  }

  leave(run: Run): void {
    const place = this.#inside.get(run);
    if (place === undefined) return;
    place.commands--;
    if (place.commands > 0) return;
    this.#inside.delete(run);
    // In the order in which they came, one by one: the first to see the gate open closes it for the next.
    for (const wake of [...this.#waiting]) wake();
  }

  #admits(run: Run): boolean {
    return this.#inside.size === 0 || this.#inside.has(run) || this.#timeLeft() <= 0;
  }

  #timeLeft(): number {
    const since = Math.min(...[...this.#inside.values()].map((place) => place.since));
    return since + this.#patience - performance.now();
  }

  async #change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(1, Math.ceil(this.#timeLeft())));
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
  }
}

/** Runs that wait for the engine, by key: one that may not run any more need not begin. */
export class WaitingRuns {
  readonly #stops = new Map<string, Set<AbortController>>();

  /** Returns what says that the run waits no longer. */
  add(keyId: string, stop: AbortController): () => void {
    const ofKey = this.#stops.get(keyId) ?? new Set();
    this.#stops.set(keyId, ofKey.add(stop));
    return () => {
      if (ofKey.delete(stop) && ofKey.size === 0) this.#stops.delete(keyId);
    };
  }

  /** Ends all that wait. */
  stop(keyId: string, reason: Error): void {
    for (const stop of this.#stops.get(keyId) ?? []) stop.abort(reason);
  }
}

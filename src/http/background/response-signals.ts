/** Tells, within this server, that there is news of a response: events, its end, or its deletion. */
export class ResponseSignals {
  readonly #waiting = new Map<string, Set<() => void>>();

  announce(id: string): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const wake of waiting ?? []) wake();
  }

  /** Resolves at the next news since this call, after so long, or when the signal aborts. */
  next(id: string, limitMs: number, signal: AbortSignal): { readonly news: Promise<void>; cancel(): void } {
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting);
    let settle = (): void => {};
    const news = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const cancel = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      waiting.delete(cancel);
      if (waiting.size === 0 && this.#waiting.get(id) === waiting) this.#waiting.delete(id);
      settle();
    };
    const timer = setTimeout(cancel, limitMs);
    waiting.add(cancel);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    return { news, cancel };
  }
}

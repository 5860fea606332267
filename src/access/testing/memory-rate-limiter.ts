import type { RateLimit, RateLimiter, RateVerdict } from '../ports.ts';

/** Counts in this process, by the clock that it is given. A window begins with the first that it counts. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #windows = new Map<string, { readonly endsAt: number; count: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async consume(key: string, limit: RateLimit): Promise<RateVerdict> {
    const window = this.#windowOf(key) ?? { endsAt: this.#now() + limit.seconds * 1000, count: 0 };
    this.#windows.set(key, window);
    const allowed = window.count < limit.points;
    if (allowed) window.count += 1;
    return {
      allowed,
      remaining: Math.max(0, limit.points - window.count),
      resetMs: window.endsAt - this.#now(),
    };
  }

  async look(key: string, limit: RateLimit): Promise<RateVerdict> {
    const window = this.#windowOf(key);
    const remaining = Math.max(0, limit.points - (window?.count ?? 0));
    return { allowed: remaining > 0, remaining, resetMs: window ? window.endsAt - this.#now() : 0 };
  }

  async forget(key: string): Promise<void> {
    this.#windows.delete(key);
  }

  #windowOf(key: string): { readonly endsAt: number; count: number } | undefined {
    const window = this.#windows.get(key);
    return window !== undefined && window.endsAt > this.#now() ? window : undefined;
  }
}

import { z } from 'zod';
import type { Seal } from '../ports.ts';

export interface SealedTokensOptions<Content> {
  readonly seal: Seal;
  /** Tokens of another purpose do not open. */
  readonly purpose: string;
  readonly content: z.ZodType<Content>;
  readonly lifeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Hands out texts that a client gives back, within their time, without being able to read or change them. */
export class SealedTokens<Content> {
  readonly #options: SealedTokensOptions<Content>;

  constructor(options: SealedTokensOptions<Content>) {
    this.#options = options;
  }

  issue(content: Content): { readonly token: string; readonly expiresAt: number } {
    const { seal, purpose, lifeMs, now } = this.#options;
    const expiresAt = now() + lifeMs;
    return { token: seal.seal(JSON.stringify({ purpose, expiresAt, content })), expiresAt };
  }

  /** Undefined for what is not ours, of another purpose, or too old. */
  open(token: string): Content | undefined {
    const { seal, purpose, content, now } = this.#options;
    const opened = seal.open(token);
    if (opened === undefined) return undefined;
    const form = z.object({ purpose: z.literal(purpose), expiresAt: z.number(), content });
    const read = form.safeParse(JSON.parse(opened));
    return read.success && now() < read.data.expiresAt ? read.data.content : undefined;
  }
}

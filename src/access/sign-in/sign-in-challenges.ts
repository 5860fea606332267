import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CodeChallenge } from '../../contract/index.ts';
import { newId } from '../new-id.ts';
import type { RateLimiter, Seal, StoredUser } from '../ports.ts';
import { SealedTokens } from '../two-factor/sealed-tokens.ts';

export interface SignInChallengesOptions {
  readonly seal: Seal;
  readonly limiter: RateLimiter;
  readonly now: () => number;
}

const lifeSeconds = 5 * 60;
const contentSchema = z.object({ id: z.string(), userId: z.string(), state: z.string() });
type Challenge = z.output<typeof contentSchema>;

/** What a browser holds between the right password and the code: for five minutes, for one sign-in. */
export class SignInChallenges {
  readonly #tokens: SealedTokens<Challenge>;
  readonly #limiter: RateLimiter;

  constructor({ seal, limiter, now }: SignInChallengesOptions) {
    const lifeMs = lifeSeconds * 1000;
    this.#tokens = new SealedTokens({ seal, purpose: 'sign-in', content: contentSchema, lifeMs, now });
    this.#limiter = limiter;
  }

  issue(user: StoredUser): CodeChallenge {
    const content = { id: newId('challenge_'), userId: user.id, state: stateOf(user) };
    const { token: challenge, expiresAt } = this.#tokens.issue(content);
    return { challenge, expiresAt };
  }

  /** Undefined for one that is over, or none of ours. */
  open(challenge: string): Challenge | undefined {
    return this.#tokens.open(challenge);
  }

  /** Whether password and two-factor sign-in are those that it was issued for. */
  fits({ state }: Challenge, user: StoredUser): boolean {
    return state === stateOf(user);
  }

  /** False where it was spent before, on whichever server. */
  async spend({ id }: Challenge): Promise<boolean> {
    // Remembered for longer than it lives, since servers' clocks differ.
    const limit = { points: 1, seconds: 2 * lifeSeconds };
    return (await this.#limiter.consume(`sign-in-challenge:${id}`, limit)).allowed;
  }
}

function stateOf({ passwordHash, twoFactorSince }: StoredUser): string {
  return createHash('sha256').update(`${twoFactorSince} ${passwordHash}`).digest('base64url');
}

import { createHash } from 'node:crypto';
import { AccessError } from '../access-error.ts';
import type { RateLimit, RateLimiter } from '../ports.ts';
import { networkOf } from './network-of.ts';
import { OneAtATime } from './one-at-a-time.ts';

const minute = 60;
const hour = 60 * minute;

/** Failures of one network, whatever the name. */
const perNetworkSoon: RateLimit = { points: 5, seconds: minute };
const perNetworkLater: RateLimit = { points: 20, seconds: hour };
/** Not a limit: remembers that a guess for a name from a network was right. */
const knownPair: RateLimit = { points: 1, seconds: 30 * 24 * hour };

const mostWaiting = 20;

/** Something that is guessed. */
export interface Guessed {
  /** Its own counts begin with it. */
  readonly prefix: string;
  /** Failures for one name from one network. */
  readonly perPair: RateLimit;
  /** Failures for one name from everywhere, from which on it is under attack. */
  readonly underAttack: RateLimit;
  /** What is then left of `perPair` to each network that is not known. */
  readonly pointsUnderAttack: number;
}

const passwords: Guessed = {
  prefix: 'sign-in',
  perPair: { points: 10, seconds: 15 * minute },
  underAttack: { points: 100, seconds: hour },
  pointsUnderAttack: 2,
};

/**
 * A code has six digits, three of the million are right, and whoever guesses has the password already: under attack
 * nothing is left to networks that no right code came from. The user still gets in from the known ones.
 */
const codes: Guessed = {
  prefix: 'sign-in-code',
  perPair: { points: 5, seconds: 15 * minute },
  underAttack: { points: 50, seconds: 24 * hour },
  pointsUnderAttack: 0,
};

/** Cannot be guessed, so an attack on the codes keeps nobody from using theirs. */
const recoveryCodes: Guessed = { ...codes, pointsUnderAttack: codes.perPair.points };

export const guessing = { codes, recoveryCodes } as const;

interface Window {
  readonly key: string;
  readonly limit: RateLimit;
}

/**
 * How often passwords and codes may be guessed. Failures count, successes do not.
 *
 * - A network has few failures in a minute and in an hour, over all names, so that guessing many names slows down.
 * - A name has few failures from one network. From everywhere together it has no limit that would shut its owner out:
 *   when many fail, each further network gets fewer tries; never none for a password.
 * - Where a password of a name was right within 30 days, only its own failures from there count, so that nobody
 *   elsewhere, nor anybody who tries other names behind the same address, keeps its owner out. The same goes for
 *   codes. Behind one address, two people who try the same name cannot be told apart.
 *
 * Attempts of a network run one after the other, so that many at once are counted as exactly as one by one.
 */
export class AttemptLimits {
  readonly #limiter: RateLimiter;
  readonly #queue = new OneAtATime(mostWaiting);

  constructor(limiter: RateLimiter) {
    this.#limiter = limiter;
  }

  /**
   * Runs the attempt and counts it if it fails. `attempt` resolves to undefined for a failure.
   * @throws AccessError `too_many_attempts`, without running it.
   */
  async run<Result extends object>(
    who: { readonly username: string; readonly address: string },
    attempt: () => Promise<Result | undefined>,
    guessed: Guessed = passwords,
  ): Promise<Result | undefined> {
    const { prefix, perPair, underAttack } = guessed;
    // Names come from strangers; a digest has a length and an alphabet that suit any store.
    const name = digest(who.username.toLowerCase());
    const network = digest(networkOf(who.address));
    const known: Window = { key: `${prefix}-known:${name}:${network}`, limit: knownPair };
    const pair: Window = { key: `${prefix}:${name}:${network}`, limit: perPair };
    const everywhere: Window = { key: `${prefix}-name:${name}`, limit: underAttack };
    const ofNetwork: readonly Window[] = [
      { key: `sign-in-minute:${network}`, limit: perNetworkSoon },
      { key: `sign-in-hour:${network}`, limit: perNetworkLater },
    ];
    const isKnown = await this.#isFull(known);
    const outcome = await this.#queue.run(isKnown ? pair.key : network, async () => {
      if (isKnown) await this.#refuseFull(pair);
      else {
        for (const window of ofNetwork) await this.#refuseFull(window);
        const attacked = await this.#limiter.look(everywhere.key, everywhere.limit);
        const points = attacked.allowed ? perPair.points : guessed.pointsUnderAttack;
        if (points === 0) throw tooMany(attacked.resetMs);
        await this.#refuseFull(pair, points);
      }
      const result = await attempt();
      if (result === undefined) {
        for (const window of [...ofNetwork, pair, everywhere]) await this.#count(window);
      } else {
        await this.#limiter.forget(pair.key);
        await this.#limiter.forget(known.key);
        await this.#count(known);
      }
      return { result };
    });
    if (outcome === undefined) throw tooMany(1000);
    return outcome.result;
  }

  async #isFull({ key, limit }: Window): Promise<boolean> {
    return !(await this.#limiter.look(key, limit)).allowed;
  }

  /** `points` may allow fewer than the window does. */
  async #refuseFull({ key, limit }: Window, points = limit.points): Promise<void> {
    const { remaining, resetMs } = await this.#limiter.look(key, limit);
    if (limit.points - remaining >= points) throw tooMany(resetMs);
  }

  async #count({ key, limit }: Window): Promise<void> {
    await this.#limiter.consume(key, limit);
  }
}

function tooMany(waitMs: number): AccessError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new AccessError('too_many_attempts', 'Too many failed sign-ins. Try again later.', {
    retryAfterSeconds,
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

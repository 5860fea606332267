import type { Seal, StoredTwoFactor, StoredUser, TwoFactorStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import { type AttemptLimits, type Guessed, guessing } from '../sign-in/attempt-limits.ts';
import { readCode } from './read-code.ts';
import type { RecoveryHash } from './recovery-codes.ts';
import { stepOf } from './totp.ts';

export interface CodeCheckOptions {
  readonly twoFactor: TwoFactorStore;
  /** Of the secrets of authenticator apps. */
  readonly seal: Seal;
  readonly recoveryHash: RecoveryHash;
  readonly limits: AttemptLimits;
  readonly onProblem: ReportProblem;
  readonly now: () => number;
}

/** A code that was right and is used up now. */
export interface TakenCode {
  /** Null for a code of the app. */
  readonly recoveryCodesLeft: number | null;
}

/** Takes codes of users, each once. */
export class CodeCheck {
  readonly #options: CodeCheckOptions;

  constructor(options: CodeCheckOptions) {
    this.#options = options;
  }

  /**
   * Undefined for a wrong code, a used one, and a user without two-factor sign-in. `then` belongs to the attempt:
   * what comes after a right code, and fails if it resolves to undefined.
   * @throws AccessError `too_many_attempts`.
   */
  take<Result extends object>(
    { user, address }: { readonly user: StoredUser; readonly address: string },
    entered: string,
    then: (taken: TakenCode) => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const { kind, code } = readCode(entered);
    const guessed: Guessed = kind === 'app' ? guessing.codes : guessing.recoveryCodes;
    const attempt = async (): Promise<Result | undefined> => {
      const known = await this.#options.twoFactor.find(user.id);
      if (known === null || known.since !== user.twoFactorSince) return undefined;
      const taken =
        kind === 'app' ? await this.#takeApp(user, known, code) : await this.#takeRecovery(user, code);
      return taken && then(taken);
    };
    return this.#options.limits.run({ username: user.username, address }, attempt, guessed);
  }

  async #takeApp(user: StoredUser, known: StoredTwoFactor, code: string): Promise<TakenCode | undefined> {
    const { twoFactor, seal, onProblem, now } = this.#options;
    const secret = openSecret(seal, known.secret, user.id);
    if (secret === undefined) {
      onProblem(
        `The secret of two-factor sign-in of ${user.username} cannot be opened; another SESSION_SECRET made it.`,
        new Error('sealed with another secret'),
      );
      return undefined;
    }
    const step = stepOf(code, secret, now());
    if (step === undefined || !(await twoFactor.takeStep(user.id, known.since, step))) return undefined;
    return { recoveryCodesLeft: null };
  }

  async #takeRecovery({ id }: StoredUser, code: string): Promise<TakenCode | undefined> {
    const { twoFactor, recoveryHash } = this.#options;
    const recoveryCodesLeft = await twoFactor.takeRecoveryCode(id, recoveryHash(id, code));
    return recoveryCodesLeft === null ? undefined : { recoveryCodesLeft };
  }
}

/** Bound to its user: that of another, put in its place, does not open. */
export function sealSecret(seal: Seal, secret: string, userId: string): string {
  return seal.seal(`${userId} ${secret}`);
}

function openSecret(seal: Seal, sealed: string, userId: string): string | undefined {
  const [owner, secret] = seal.open(sealed)?.split(' ') ?? [];
  return owner === userId ? secret : undefined;
}

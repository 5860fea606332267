import type { PasswordHasher } from './password-hasher.ts';

/**
 * Checks passwords so that the time it takes does not tell whether there is such a user, nor how old the user's hash
 * is: each check verifies one hash of every kind that any user has, the user's own or a decoy in its place. Once all
 * users have signed in since the last change of kinds, that is one.
 */
export class PasswordCheck {
  readonly #hasher: PasswordHasher;
  /** By kind. */
  readonly #decoys = new Map<string, Promise<string>>();

  constructor(hasher: PasswordHasher) {
    this.#hasher = hasher;
  }

  /** `stored` is the hash of the user; undefined where there is no such user. `all` are those of all users. */
  async fits(password: string, stored: string | undefined, all: readonly string[]): Promise<boolean> {
    const ownKind = stored === undefined ? undefined : this.#hasher.kindOf(stored);
    let fits = false;
    for (const [kind, decoy] of await this.#decoysOf(stored === undefined ? all : [stored, ...all])) {
      const own = kind === ownKind ? stored : undefined;
      const verified = await this.#hasher.verify(password, own ?? decoy);
      fits ||= own !== undefined && verified;
    }
    return fits;
  }

  async #decoysOf(hashes: readonly string[]): Promise<[kind: string, decoy: string][]> {
    const examples = new Map<string, string>();
    for (const stored of hashes) {
      const kind = this.#hasher.kindOf(stored);
      if (kind !== undefined && !examples.has(kind)) examples.set(kind, stored);
    }
    const kinds = [...examples].sort(([one], [other]) => (one < other ? -1 : 1));
    return Promise.all(
      kinds.map(async ([kind, example]): Promise<[string, string]> => {
        let decoy = this.#decoys.get(kind);
        if (decoy === undefined) {
          decoy = this.#hasher.decoyLike(example);
          this.#decoys.set(kind, decoy);
        }
        return [kind, await decoy];
      }),
    );
  }
}

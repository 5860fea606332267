import type { PasswordHasher } from '../passwords/password-hasher.ts';

/** Hashes that anybody can read, made in no time, such as `today:secret`; the kind stands before the colon. */
export class ScriptedHasher implements PasswordHasher {
  /** The kinds of all hashes that were verified, in order. */
  readonly verified: string[] = [];
  /** Told before each hash is made. */
  onHash: () => Promise<void> = async () => {};

  async hash(password: string): Promise<string> {
    await this.onHash();
    return `today:${password}`;
  }

  async verify(password: string, stored: string): Promise<boolean> {
    const kind = this.kindOf(stored);
    if (kind === undefined) return false;
    this.verified.push(kind);
    return stored === `${kind}:${password.slice(0, this.#lengthOf(kind))}`;
  }

  kindOf(stored: string): string | undefined {
    return /^(today|old|short):/.exec(stored)?.[1];
  }

  async decoyLike(stored: string): Promise<string> {
    return `${this.kindOf(stored)}:a password\nof nobody`;
  }

  isStrongEnough(stored: string): boolean {
    return this.kindOf(stored) === 'today';
  }

  tellsApart(password: string, stored: string): boolean {
    return password.length <= this.#lengthOf(this.kindOf(stored));
  }

  /** Of a password, how much counts. */
  #lengthOf(kind: string | undefined): number {
    return kind === 'short' ? 12 : 1000;
  }
}

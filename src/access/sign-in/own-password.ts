import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { StoredUser, UserStore } from '../ports.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import { noSession, type SignedInUser } from './sessions.ts';

export interface OwnPasswordOptions {
  readonly users: Pick<UserStore, 'get'>;
  readonly hasher: PasswordHasher;
  readonly limits: AttemptLimits;
}

/**
 * The user of a session, where the password is theirs; undefined for a wrong one, which counts as one at the sign-in does.
 * @throws AccessError `no_session` where the user is no more, or disabled; `too_many_attempts`.
 */
export function checkOwnPassword(
  { users, hasher, limits }: OwnPasswordOptions,
  { userId, username }: SignedInUser,
  { password, address }: { readonly password: string; readonly address: string },
): Promise<StoredUser | undefined> {
  return limits.run({ username, address }, async () => {
    const user = await users.get(userId);
    if (user === null || !user.active) throw noSession();
    return (await hasher.verify(password, user.passwordHash)) ? user : undefined;
  });
}

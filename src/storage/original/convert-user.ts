import type { StoredUser } from '../access/user-store.ts';
import type { OriginalUpgrade } from './original-upgrade.ts';
import { flagOf, idFor, lineOf, type OriginalRow, pastTimeOf, textOf } from './read-fields.ts';
import type { Tally } from './tally.ts';

/** No password has this hash. */
const noPassword = '!';

/** Undefined where the row has no name to sign in with. */
export async function convertUser(
  row: OriginalRow,
  {
    renewPassword,
    now,
    tally,
  }: Pick<OriginalUpgrade, 'renewPassword'> & { readonly now: number; readonly tally: Tally },
): Promise<StoredUser | undefined> {
  // As the sign-in reads names.
  const username = lineOf(row['username'], 64).normalize('NFC');
  if (username === '') {
    tally.note('left out, without a name');
    return undefined;
  }
  const password = await renewPassword(textOf(row['password_hash']) ?? '');
  if (password === null) tally.note('whose password cannot be checked: give them a new one');
  else if (password.mustChange)
    tally.note('with the published password: it is now that of WEBUI_DEFAULT_PASSWORD, to be changed');
  return {
    id: idFor('user_', textOf(row['id']) ?? username),
    username,
    passwordHash: password?.hash ?? noPassword,
    role: roleOf(row['role'], tally),
    active: flagOf(row['is_active']),
    mustChangePassword: password?.mustChange ?? false,
    createdAt: pastTimeOf(row['created_at'], now) ?? now,
    lastSignInAt: pastTimeOf(row['last_login'], now) ?? null,
    twoFactorSince: null,
  };
}

function roleOf(value: unknown, tally: Tally): StoredUser['role'] {
  if (value === 'admin' || value === 'viewer') return value;
  tally.note('with a role that is unknown here: they are viewers');
  return 'viewer';
}

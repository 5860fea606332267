import type { TwoFactorRequirement } from '../../contract/index.ts';
import type { StoredUser } from '../ports.ts';

/** Whether this user has to sign in with a code, too. */
export function requiresTwoFactor(
  { role }: Pick<StoredUser, 'role'>,
  requirement: TwoFactorRequirement,
): boolean {
  switch (requirement) {
    case 'off':
      return false;
    case 'admins':
      return role === 'admin';
    case 'everybody':
      return true;
    default:
      return requirement satisfies never;
  }
}

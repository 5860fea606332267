import {
  type ApiKey,
  type AuditEntry,
  allKeyPermissions,
  type KeyChange,
  keyLimits,
  keyPermissions,
  type NewKey,
  noKeyLimits,
} from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';

/** What an admin decides about a key. */
export type KeyTerms = Pick<
  ApiKey,
  'name' | 'description' | 'owner' | 'active' | 'expiresAt' | 'limits' | 'permissions'
>;

/** Throws `invalid` for terms that contradict each other or the time. */
export function termsOfNewKey(asked: NewKey, now: number): KeyTerms {
  const { name, description, owner, expiresAt } = asked;
  if (expiresAt !== null && expiresAt <= now) {
    throw new AccessError('invalid', 'The key would have expired already.', { param: 'expiresAt' });
  }
  const unlimited = { limits: noKeyLimits, permissions: allKeyPermissions };
  return checked({ name, description, owner, active: true, expiresAt, ...overlay(unlimited, asked) });
}

/**
 * The fields that a change names, as they will be: of limits and permissions those are kept that it does not name.
 * Other fields are left out, so that what somebody else changes at the same time stays. Throws `invalid`.
 */
export function changedTerms(terms: KeyTerms, change: KeyChange): Partial<KeyTerms> {
  const { name, description, owner, active, expiresAt } = change;
  const { limits, permissions } = overlay(terms, change);
  checked({ ...terms, permissions });
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(active !== undefined && { active }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(change.limits !== undefined && { limits }),
    ...(change.permissions !== undefined && { permissions }),
  };
}

/** For the audit: one level deep, such as `limits.tokensPerDay`. */
export function flattenTerms(terms: KeyTerms): AuditEntry['details'] {
  const { name, description, owner, active, expiresAt, limits, permissions } = terms;
  return {
    name,
    description,
    owner,
    active,
    expiresAt,
    ...withPrefix('limits', limits),
    ...withPrefix('permissions', permissions),
  };
}

function overlay(
  base: Pick<KeyTerms, 'limits' | 'permissions'>,
  change: Pick<KeyChange, 'limits' | 'permissions'>,
): Pick<KeyTerms, 'limits' | 'permissions'> {
  return {
    limits: keyLimits.parse({ ...base.limits, ...given(change.limits) }),
    permissions: keyPermissions.parse({ ...base.permissions, ...given(change.permissions) }),
  };
}

function given(fields: object | undefined): object {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined));
}

function checked(terms: KeyTerms): KeyTerms {
  const { profiles, defaultProfile } = terms.permissions;
  if (defaultProfile !== null && profiles !== null && !profiles.includes(defaultProfile)) {
    throw new AccessError('invalid', `The profile '${defaultProfile}' is not among those that are allowed.`, {
      param: 'permissions.defaultProfile',
    });
  }
  return terms;
}

function withPrefix(prefix: string, fields: AuditEntry['details']): AuditEntry['details'] {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

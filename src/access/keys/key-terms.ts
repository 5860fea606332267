import {
  type ApiKey,
  type AuditEntry,
  allKeyPermissions,
  type KeyChange,
  type KeyLimits,
  keyLimits,
  keyPermissions,
  type NewKey,
  noKeyLimits,
} from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';

/** What an admin decides about a key. */
export type KeyTerms = Pick<
  ApiKey,
  'name' | 'description' | 'owner' | 'tags' | 'active' | 'expiresAt' | 'limits' | 'permissions'
>;

/** Throws `invalid` for terms that contradict each other or the time. */
export function termsOfNewKey(asked: NewKey, now: number): KeyTerms {
  const { name, description, owner, tags, expiresAt } = asked;
  if (expiresAt !== null && expiresAt <= now) {
    throw new AccessError('invalid', 'The key would have expired already.', { param: 'expiresAt' });
  }
  const unlimited = { limits: noKeyLimits, permissions: allKeyPermissions };
  return checked({ name, description, owner, tags, active: true, expiresAt, ...overlay(unlimited, asked) });
}

/**
 * The fields that a change names, as they will be: of limits and permissions those are kept that it does not name.
 * Other fields are left out, so that what somebody else changes at the same time stays. Throws `invalid`.
 */
export function changedTerms(terms: KeyTerms, change: KeyChange): Partial<KeyTerms> {
  const { name, description, owner, tags, active, expiresAt } = change;
  const { limits, permissions } = overlay(terms, change);
  checked({ ...terms, limits, permissions });
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(tags !== undefined && { tags }),
    ...(active !== undefined && { active }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(change.limits !== undefined && { limits }),
    ...(change.permissions !== undefined && { permissions }),
  };
}

/** For the audit: one level deep, such as `limits.tokensPerDay`. */
export function flattenTerms(terms: KeyTerms): AuditEntry['details'] {
  const { name, description, owner, tags, active, expiresAt, limits, permissions } = terms;
  return {
    name,
    description,
    owner,
    tags,
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
  checkBudgets(terms.limits);
  return terms;
}

function checkBudgets(limits: KeyLimits): void {
  const { budgetUsdPerDay, budgetUsdPerMonth, softBudgetUsdPerDay, softBudgetUsdPerMonth } = limits;
  for (const [window, soft, hard, param] of [
    ['day', softBudgetUsdPerDay, budgetUsdPerDay, 'limits.softBudgetUsdPerDay'],
    ['month', softBudgetUsdPerMonth, budgetUsdPerMonth, 'limits.softBudgetUsdPerMonth'],
  ] as const) {
    if (soft === null || hard === null || soft <= hard) continue;
    const message = `The soft budget of $${soft} a ${window} is above the budget of $${hard}, so it would never be reached.`;
    throw new AccessError('invalid', message, { param });
  }
}

function withPrefix(prefix: string, fields: AuditEntry['details']): AuditEntry['details'] {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

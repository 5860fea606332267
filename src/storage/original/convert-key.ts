import { allKeyPermissions, noKeyLimits } from '../../contract/index.ts';
import type { StoredKey } from '../access/key-store.ts';
import {
  countOf,
  flagOf,
  idFor,
  jsonOf,
  lineOf,
  type OriginalRow,
  pastTimeOf,
  textOf,
  timeOf,
} from './read-fields.ts';
import type { Tally } from './tally.ts';

const longestPrefix = 10;

/** Undefined where the row holds no key that anybody could send. */
export function convertKey(
  row: OriginalRow,
  {
    hash,
    now,
    tally,
  }: { readonly hash: (secret: string) => string; readonly now: number; readonly tally: Tally },
): StoredKey | undefined {
  const secret = textOf(row['key']);
  if (secret === undefined) {
    tally.note('left out, without a key');
    return undefined;
  }
  return {
    id: idFor('key_', textOf(row['id']) ?? secret),
    // Of a short one, which was made by hand, the beginning would be too much.
    prefix: secret.slice(0, Math.min(longestPrefix, Math.floor(secret.length / 3))),
    name: lineOf(row['name'], 200) || 'unnamed',
    description: (textOf(row['description']) ?? '').slice(0, 2000),
    owner: '',
    tags: [],
    active: flagOf(row['is_active']),
    createdAt: pastTimeOf(row['created_at'], now) ?? now,
    createdBy: 'the original project',
    expiresAt: expiryOf(row['expires_at'], tally),
    lastUsedAt: pastTimeOf(row['last_used'], now) ?? null,
    rotatedAt: null,
    previousValidUntil: null,
    spendingResetAt: null,
    limits: { ...noKeyLimits, requestsPerMinute: rateOf(row['rate_limit'], tally) },
    permissions: permissionsOf(row['permissions'], tally),
    secretHash: hash(secret),
    previousHash: null,
  };
}

function expiryOf(value: unknown, tally: Tally): number | null {
  if (textOf(value) === undefined) return null;
  const time = timeOf(value);
  if (time === undefined) tally.note('with an expiry that is no time: they do not expire');
  return time ?? null;
}

function rateOf(value: unknown, tally: Tally): number | null {
  const rate = countOf(value);
  if (rate !== undefined && rate > 0 && rate <= 1e12) return rate;
  tally.note('with a rate limit that is none: they have no limit');
  return null;
}

/** The original stored any JSON here and never looked at it, so it has no meaning that could be kept. */
function permissionsOf(value: unknown, tally: Tally): StoredKey['permissions'] {
  const found = jsonOf(value);
  const isEmpty =
    found === undefined ||
    found === '' ||
    (typeof found === 'object' && Object.keys(found ?? {}).length === 0);
  if (!isEmpty) tally.note('with permissions, which the original did not enforce: they may do everything');
  return allKeyPermissions;
}

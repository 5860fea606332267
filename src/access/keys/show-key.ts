import type { ApiKey, ApiKeyWithUsage, KeyUsage } from '../../contract/index.ts';
import type { KeySpending, StoredKey } from '../ports.ts';

/** A key as everybody may see it at this time, without its hashes. */
export function showKey(stored: StoredKey, now: number): ApiKey {
  const { secretHash: _secret, previousHash: _previous, ...key } = stored;
  return { ...key, state: stateOf(stored, now) };
}

export function showKeyWithUsage(
  stored: StoredKey,
  spending: KeySpending | undefined,
  now: number,
): ApiKeyWithUsage {
  return { ...showKey(stored, now), usage: showUsage(spending) };
}

function stateOf({ active, expiresAt }: StoredKey, now: number): ApiKey['state'] {
  if (!active) return 'inactive';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

function showUsage(spending: KeySpending | undefined): KeyUsage {
  return {
    tokensToday: spending?.day.tokens ?? 0,
    tokensThisMonth: spending?.month.tokens ?? 0,
    costUsdToday: spending?.day.costUsd ?? 0,
    costUsdThisMonth: spending?.month.costUsd ?? 0,
    requestsToday: spending?.day.requests ?? 0,
    requestsThisMonth: spending?.month.requests ?? 0,
  };
}

import { allKeyPermissions, type KeyLimits, type KeyPermissions, noKeyLimits } from '../../contract/index.ts';
import type { StoredKey } from '../ports.ts';

export interface SampleKey extends Partial<Omit<StoredKey, 'limits' | 'permissions'>> {
  readonly limits?: Partial<KeyLimits>;
  readonly permissions?: Partial<KeyPermissions>;
}

let made = 0;

/** A key that may do everything, but for what is given. */
export function sampleKey({ limits, permissions, ...fields }: SampleKey = {}): StoredKey {
  made += 1;
  return {
    id: `key_${made}`,
    name: `key ${made}`,
    description: '',
    owner: '',
    tags: [],
    prefix: 'sk-sample',
    active: true,
    createdAt: 0,
    createdBy: 'test',
    expiresAt: null,
    lastUsedAt: null,
    rotatedAt: null,
    spendingResetAt: null,
    previousValidUntil: null,
    secretHash: `hash ${made}`,
    previousHash: null,
    limits: { ...noKeyLimits, ...limits },
    permissions: { ...allKeyPermissions, ...permissions },
    ...fields,
  };
}

import { allKeyPermissions, noKeyLimits } from '../../contract/index.ts';
import type { StoredKey } from '../access/key-store.ts';
import type { StoredSession } from '../access/session-store.ts';
import type { StoredUser } from '../access/user-store.ts';

export function newKey(id: string, more: Partial<Omit<StoredKey, 'id'>> = {}): StoredKey {
  return {
    id,
    secretHash: `hash of ${id}`,
    previousHash: null,
    previousValidUntil: null,
    prefix: 'sk-abc',
    name: `key ${id}`,
    description: '',
    owner: '',
    tags: [],
    active: true,
    createdAt: 1000,
    createdBy: 'admin',
    expiresAt: null,
    lastUsedAt: null,
    rotatedAt: null,
    spendingResetAt: null,
    limits: noKeyLimits,
    permissions: allKeyPermissions,
    ...more,
  };
}

export function newUser(id: string, more: Partial<Omit<StoredUser, 'id'>> = {}): StoredUser {
  return {
    id,
    username: `user-${id}`,
    passwordHash: '$argon2id$x',
    role: 'viewer',
    active: true,
    mustChangePassword: false,
    createdAt: 1000,
    lastSignInAt: null,
    twoFactorSince: null,
    ...more,
  };
}

export function newSession(id: string, more: Partial<Omit<StoredSession, 'id'>> = {}): StoredSession {
  return {
    id,
    tokenHash: `hash of ${id}`,
    userId: 'u',
    csrfSecret: 'secret',
    createdAt: 1000,
    lastSeenAt: 1000,
    expiresAt: 5000,
    address: '127.0.0.1',
    client: 'Firefox',
    ...more,
  };
}

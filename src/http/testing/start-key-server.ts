import { ApiKeys, AuditLog, createKeyHash, Governor } from '../../access/index.ts';
import { MemoryRateLimiter } from '../../access/testing/memory-rate-limiter.ts';
import {
  MemoryAuditStore,
  MemoryKeyStore,
  MemoryRunLeaseStore,
  MemorySpendingStore,
} from '../../access/testing/memory-stores.ts';
import { type ApiKey, type NewKey, newKey } from '../../contract/index.ts';
import type { Turn } from '../../turn/index.ts';
import { createKeyAuthenticator } from '../key-authenticator.ts';
import type { scriptedEngine } from './scripted-engine.ts';
import { type StartedServer, startTestServer } from './start-test-server.ts';
import type { TestServerOptions } from './test-server.ts';

export interface KeyServer extends StartedServer {
  readonly keys: ApiKeys;
  readonly keyStore: MemoryKeyStore;
  readonly spending: MemorySpendingStore;
  /** Whether OPENAI_API_KEY_REQUIRED is set; true at first. */
  readonly access: { keyRequired: boolean };
  /** Makes a key; limits and permissions are none and all, but for those that are given. */
  issue(key?: KeyChoice): Promise<IssuedKey>;
  /** The turns of a key that reached the engine. */
  turnsOf(key: IssuedKey): readonly Turn[];
}

export interface KeyChoice {
  readonly limits?: NewKey['limits'];
  readonly permissions?: NewKey['permissions'];
}

export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
  /** The header that brings it. */
  readonly headers: { readonly authorization: string };
}

const admin = { name: 'admin', address: null };

/** A listening server with real keys, whose engine plays the script. */
export async function startKeyServer(
  script: Parameters<typeof scriptedEngine>[0],
  options: Omit<TestServerOptions, 'engine' | 'authenticator' | 'governor'> = {},
): Promise<KeyServer> {
  const keyStore = new MemoryKeyStore();
  const spending = new MemorySpendingStore();
  const problems: unknown[] = [];
  const onProblem = (message: string, error: unknown): void => void problems.push([message, error]);
  const keys = new ApiKeys({
    keys: keyStore,
    spending,
    audit: new AuditLog({ store: new MemoryAuditStore(), onProblem }),
    hash: createKeyHash('the secret of the tests'),
    onProblem,
  });
  const governor = new Governor({
    keys: keyStore,
    spending,
    leases: new MemoryRunLeaseStore(),
    limiter: new MemoryRateLimiter(Date.now),
    onProblem,
  });
  const access = { keyRequired: true };
  const authenticator = createKeyAuthenticator({ keys, keyRequired: () => access.keyRequired });
  const server = await startTestServer(script, { ...options, authenticator, governor });
  return {
    ...server,
    keys,
    keyStore,
    spending,
    access,
    async issue(key = {}) {
      const { key: made, secret } = await keys.create(newKey.parse({ name: 'test', ...key }), admin);
      return { key: made, secret, headers: { authorization: `Bearer ${secret}` } };
    },
    turnsOf: ({ key }) => server.engine.runs.map(({ turn }) => turn).filter(({ owner }) => owner === key.id),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await governor[Symbol.asyncDispose]();
      await keys[Symbol.asyncDispose]();
    },
  };
}

import type { TwoFactorRequirement } from '../../contract/index.ts';
import { AuditLog } from '../audit/audit-log.ts';
import type { Actor } from '../ports.ts';
import { AttemptLimits } from '../sign-in/attempt-limits.ts';
import { CodeCheck } from '../two-factor/code-check.ts';
import { createRecoveryHash } from '../two-factor/recovery-codes.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import {
  MemoryAuditStore,
  MemoryKeyStore,
  MemoryProfileStore,
  MemorySessionStore,
  MemorySpendingStore,
  MemoryUserStore,
} from './memory-stores.ts';
import { MemoryTwoFactorStore } from './memory-two-factor-store.ts';
import { ScriptedHasher } from './scripted-hasher.ts';
import { scriptedSeal } from './scripted-seal.ts';

export const admin: Actor = { name: 'ada', address: '192.0.2.1' };

/** What the services are made of, all in memory and by one clock. */
export function createAccessParts() {
  const clock = new ManualClock();
  const problems: string[] = [];
  const onProblem = (message: string): void => {
    problems.push(message);
  };
  const entries = new MemoryAuditStore();
  const limiter = new MemoryRateLimiter(clock.now);
  const limits = new AttemptLimits(limiter);
  const users = new MemoryUserStore();
  const twoFactor = new MemoryTwoFactorStore(users);
  const [seal, tokenSeal] = [scriptedSeal('a'), scriptedSeal('tokens')];
  const recoveryHash = createRecoveryHash('a secret of the server');
  const requirement: { value: TwoFactorRequirement } = { value: 'off' };
  return {
    clock,
    now: clock.now,
    /** The messages of all problems that were reported. */
    problems,
    onProblem,
    /** What was written to the audit. */
    entries,
    audit: new AuditLog({ store: entries, onProblem, now: clock.now }),
    keys: new MemoryKeyStore(),
    spending: new MemorySpendingStore(),
    users,
    twoFactor,
    /** Who has to have two-factor sign-in; a test may change it. */
    requirement,
    twoFactorRequired: () => requirement.value,
    codes: new CodeCheck({ twoFactor, seal, recoveryHash, limits, onProblem, now: clock.now }),
    seal,
    tokenSeal,
    recoveryHash,
    sessions: new MemorySessionStore(),
    profiles: new MemoryProfileStore(),
    limiter,
    limits,
    hasher: new ScriptedHasher(),
  };
}

import { AuditLog } from '../audit/audit-log.ts';
import type { Actor } from '../ports.ts';
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
import { ScriptedHasher } from './scripted-hasher.ts';

export const admin: Actor = { name: 'ada', address: '192.0.2.1' };

/** What the services are made of, all in memory and by one clock. */
export function createAccessParts() {
  const clock = new ManualClock();
  const problems: string[] = [];
  const onProblem = (message: string): void => {
    problems.push(message);
  };
  const entries = new MemoryAuditStore();
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
    users: new MemoryUserStore(),
    sessions: new MemorySessionStore(),
    profiles: new MemoryProfileStore(),
    limiter: new MemoryRateLimiter(clock.now),
    hasher: new ScriptedHasher(),
  };
}

import { beforeEach, describe, expect, test } from 'vitest';
import { AccessError } from '../access-error.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRateLimiter } from '../testing/memory-rate-limiter.ts';
import { AttemptLimits } from './attempt-limits.ts';

const minute = 60_000;

let clock: ManualClock;
let limits: AttemptLimits;
let ran: number;
beforeEach(() => {
  clock = new ManualClock();
  limits = new AttemptLimits(new MemoryRateLimiter(clock.now));
  ran = 0;
});

type Outcome = 'failed' | 'succeeded' | 'refused';

async function attempt(username: string, address: string, succeeds = false): Promise<Outcome> {
  try {
    const result = await limits.run({ username, address }, async () => {
      ran += 1;
      return succeeds ? {} : undefined;
    });
    return result === undefined ? 'failed' : 'succeeded';
  } catch (error) {
    if (error instanceof AccessError && error.code === 'too_many_attempts') return 'refused';
    throw error;
  }
}

/** How many of these many attempts were let through. */
async function count(attempts: number, username: string, address: string): Promise<number> {
  const before = ran;
  for (let made = 0; made < attempts; made += 1) await attempt(username, address);
  return ran - before;
}

describe('a network', () => {
  test('has five failures a minute and twenty an hour, over all names', async () => {
    const through: number[] = [];
    for (let passed = 0; passed < 6; passed += 1) {
      const before = ran;
      for (let name = 0; name < 10; name += 1) await attempt(`user ${passed} ${name}`, '192.0.2.1');
      through.push(ran - before);
      clock.advance(minute);
    }
    expect(through).toEqual([5, 5, 5, 5, 0, 0]);
    clock.advance(60 * minute);
    expect(await attempt('somebody', '192.0.2.1')).toBe('failed');
  });

  test('is told when to come back', async () => {
    await count(5, 'ada', '192.0.2.1');
    clock.advance(20_500);
    await expect(
      limits.run({ username: 'ada', address: '192.0.2.1' }, async () => undefined),
    ).rejects.toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 40 });
  });

  test('is one, whichever address of its /64 is used', async () => {
    for (let host = 1; host <= 20; host += 1) await attempt('ada', `2001:db8::${host}`);
    expect(ran).toBe(5);
    expect(await attempt('ada', '2001:db8:0:1::1')).toBe('failed');
  });

  test('gets no more tries by asking many times at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => attempt(`user ${index}`, '192.0.2.1')),
    );
    expect(ran).toBe(5);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(15);
  });

  test('that asks far too many times at once is refused without waiting', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = limits.run({ username: 'a', address: '192.0.2.1' }, () => gate.then(() => ({})));
    const others = Array.from({ length: 50 }, () => attempt('b', '192.0.2.1', true));
    expect(await Promise.race([...others])).toBe('refused');
    release();
    await first;
    const outcomes = await Promise.all(others);
    expect(outcomes.filter((outcome) => outcome === 'succeeded').length).toBeLessThan(25);
  });

  test('has any number of successes', async () => {
    for (let made = 0; made < 30; made += 1)
      expect(await attempt('ada', '192.0.2.1', true)).toBe('succeeded');
  });
});

describe('a name', () => {
  test('has ten failures in a quarter of an hour from one network', async () => {
    let made = 0;
    for (let passed = 0; passed < 4; passed += 1) {
      made += await count(5, 'ada', '192.0.2.1');
      clock.advance(minute);
    }
    expect(made).toBe(10);
    expect(await attempt('bob', '192.0.2.1')).toBe('failed');
  });

  test('is the same in capitals', async () => {
    for (let made = 0; made < 2; made += 1) {
      await count(5, made === 0 ? 'Ada' : 'ada', '192.0.2.1');
      clock.advance(minute);
    }
    expect(await attempt('ADA', '192.0.2.1')).toBe('refused');
  });

  test('may fail again as often after a success', async () => {
    await count(4, 'ada', '192.0.2.1');
    await attempt('ada', '192.0.2.1', true);
    clock.advance(minute);
    expect(await count(20, 'ada', '192.0.2.1')).toBe(10);
  });
});

describe('strangers', () => {
  const attack = async (networks: number): Promise<void> => {
    for (let network = 0; network < networks; network += 1) {
      await count(5, 'ada', `198.51.${network >> 8}.${network & 255}`);
    }
  };

  test('cannot keep a user out of a network that is known to be the user’s', async () => {
    await attempt('ada', '192.0.2.1', true);
    await attack(300);
    for (let other = 0; other < 100; other += 1) await attempt(`other ${other}`, '192.0.2.1');
    expect(await attempt('ada', '192.0.2.1')).toBe('failed');
    expect(await attempt('ada', '192.0.2.1', true)).toBe('succeeded');
  });

  test('cannot keep a user out who comes from a new network either', async () => {
    await attack(300);
    expect(await attempt('ada', '203.0.113.9')).toBe('failed');
    expect(await attempt('ada', '203.0.113.9', true)).toBe('succeeded');
  });

  test('get fewer tries from each further network once many have failed', async () => {
    await attack(20);
    expect(ran).toBe(100);
    expect(await count(5, 'ada', '203.0.113.1')).toBe(2);
    expect(await count(5, 'bob', '203.0.113.2')).toBe(5);
    clock.advance(60 * minute);
    expect(await count(5, 'ada', '203.0.113.3')).toBe(5);
  });

  test('are not known for having signed in as somebody else', async () => {
    await attempt('mallory', '198.51.100.1', true);
    expect(await count(20, 'ada', '198.51.100.1')).toBe(5);
  });
});

test('a network is known for thirty days after the last success', async () => {
  const day = 24 * 60 * minute;
  await attempt('ada', '192.0.2.1', true);
  clock.advance(20 * day);
  await attempt('ada', '192.0.2.1', true);
  clock.advance(20 * day);
  expect(await count(10, 'ada', '192.0.2.1')).toBe(10);
  clock.advance(11 * day);
  expect(await count(10, 'ada', '192.0.2.1')).toBe(5);
});

test('an attempt that breaks counts as neither, and does not stop the next', async () => {
  for (let made = 0; made < 10; made += 1) {
    const broken = limits.run({ username: 'ada', address: '192.0.2.1' }, async () => {
      throw new Error('no database');
    });
    await expect(broken).rejects.toThrow('no database');
  }
  expect(await count(10, 'ada', '192.0.2.1')).toBe(5);
});

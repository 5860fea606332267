import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newUser } from '../testing/access-rows.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseUserStore } from './user-store.ts';
import { DatabaseTwoFactorStore } from './user-two-factor-store.ts';

describe.each(testDatabases)('the store of two-factor sign-in on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const store = () => new DatabaseTwoFactorStore(test.database);
  const elsewhere = () => new DatabaseTwoFactorStore(test.elsewhere.database);
  const users = () => new DatabaseUserStore(test.database);
  const begun = { secret: 'sealed', since: 4e12, lastStep: 10, recoveryHashes: ['a', 'b', 'c'] };

  async function turnOn(id = 'u'): Promise<void> {
    await users().create(newUser(id));
    expect(await store().turnOn(id, begun)).toBe(true);
  }

  it('is off until it is turned on, and the user shows since when', async () => {
    expect(await store().find('u')).toBeNull();
    await turnOn();
    await users().create(newUser('other'));
    const { recoveryHashes: _, ...rest } = begun;
    expect(await elsewhere().find('u')).toEqual({ ...rest, recoveryCodesLeft: 3 });
    expect(await elsewhere().find('other')).toBeNull();
    const since = (await users().list()).map(({ id, twoFactorSince }) => [id, twoFactorSince]);
    expect(since).toEqual([
      ['other', null],
      ['u', 4e12],
    ]);
  });

  it('is turned on once by one of many, and for users that there are', async () => {
    await users().create(newUser('u'));
    const both = await Promise.all([
      store().turnOn('u', begun),
      elsewhere().turnOn('u', { ...begun, recoveryHashes: ['d'] }),
    ]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect((await store().find('u'))?.recoveryCodesLeft).toBe(both[0] ? 3 : 1);
    expect(await store().turnOn('missing', begun)).toBe(false);
  });

  it('stays as it is when the user changes', async () => {
    await turnOn();
    const before = await store().find('u');
    expect(await users().update('u', { passwordHash: 'x' })).toMatchObject({ twoFactorSince: 4e12 });
    expect(await store().find('u')).toEqual(before);
  });

  it('goes with its recovery codes, and can be turned on again', async () => {
    await turnOn();
    expect(await elsewhere().turnOff('u')).toBe(true);
    expect(await store().turnOff('u')).toBe(false);
    expect(await store().find('u')).toBeNull();
    expect(await store().takeRecoveryCode('u', 'a')).toBeNull();
    expect(await store().turnOn('u', begun)).toBe(true);
  });

  it('takes each step once on two servers, and none that is older', async () => {
    await turnOn();
    const taken = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? store() : elsewhere()).takeStep('u', 4e12, 11),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await store().takeStep('u', 4e12, 10)).toBe(false);
    expect(await store().takeStep('u', 1, 12)).toBe(false);
    expect(await store().takeStep('u', 4e12, 12)).toBe(true);
  });

  it('takes each recovery code once on two servers, of its own user alone', async () => {
    await turnOn();
    await turnOn('other');
    const left = await Promise.all([
      store().takeRecoveryCode('u', 'a'),
      elsewhere().takeRecoveryCode('u', 'a'),
    ]);
    expect(left.filter((one) => one !== null)).toEqual([2]);
    expect(await store().takeRecoveryCode('u', 'x')).toBeNull();
    expect((await store().find('other'))?.recoveryCodesLeft).toBe(3);
  });

  it('replaces recovery codes while it is the same', async () => {
    await turnOn();
    expect(await store().replaceRecoveryCodes('u', 4e12, ['d', 'e'])).toBe(true);
    expect(await store().takeRecoveryCode('u', 'a')).toBeNull();
    expect(await store().takeRecoveryCode('u', 'd')).toBe(1);
    expect(await store().replaceRecoveryCodes('u', 1, ['f'])).toBe(false);
    expect(await store().takeRecoveryCode('u', 'e')).toBe(0);
  });

  it('goes with the user', async () => {
    await turnOn();
    await users().remove('u');
    expect(await test.count('webui_recovery_codes')).toBe(0);
  });
});

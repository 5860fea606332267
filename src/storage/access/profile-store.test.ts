import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { profileSpec } from '../../contract/index.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseProfileStore, type StoredProfile } from './profile-store.ts';

const profile = (name: string, more: Partial<StoredProfile> = {}): StoredProfile => ({
  name,
  spec: profileSpec.parse({ description: `of ${name}`, mcpServers: { s: { type: 'stdio', command: 'c' } } }),
  updatedAt: 4e12,
  updatedBy: 'ann',
  ...more,
});

describe.each(testDatabases)('the profile store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const profiles = () => new DatabaseProfileStore(test.database);
  const elsewhere = () => new DatabaseProfileStore(test.elsewhere.database);

  it('gives profiles back as they were put, by name', async () => {
    expect(await profiles().list()).toEqual([]);
    await profiles().put(profile('b'));
    await profiles().put(profile('a'));
    expect(await elsewhere().list()).toEqual([profile('a'), profile('b')]);
    const changed = profile('a', {
      spec: profileSpec.parse({ maxTurns: 3 }),
      updatedAt: 5,
      updatedBy: 'bob',
    });
    await elsewhere().put(changed);
    expect(await profiles().list()).toEqual([changed, profile('b')]);
  });

  it('raises the version with every change, and with nothing else', async () => {
    expect(await profiles().version()).toBe(0);
    await profiles().put(profile('a'));
    expect(await elsewhere().version()).toBe(1);
    await elsewhere().put(profile('a'));
    expect(await profiles().version()).toBe(2);
    expect(await profiles().remove('missing')).toBe(false);
    expect(await profiles().version()).toBe(2);
    expect(await profiles().remove('a')).toBe(true);
    expect(await profiles().version()).toBe(3);
    expect(await profiles().list()).toEqual([]);
  });

  it('leaves the version where a change fails', async () => {
    const broken = profile('a', { updatedAt: Number.NaN });
    await expect(profiles().put(broken)).rejects.toThrow();
    expect(await profiles().version()).toBe(0);
  });

  it('counts each of the changes that two servers make at once', async () => {
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const store = index % 2 === 0 ? profiles() : elsewhere();
        await store.put(profile(`p${index % 3}`));
        if (index % 3 === 0) await store.remove(`p${index % 4}`);
      }),
    );
    expect(await profiles().version()).toBeGreaterThanOrEqual(30);
    expect(await profiles().version()).toBe(await elsewhere().version());
  });
});

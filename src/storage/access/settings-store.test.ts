import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseSettingsStore } from './settings-store.ts';

describe.each(testDatabases)('the settings store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const settings = () => new DatabaseSettingsStore(test.database);
  const elsewhere = () => new DatabaseSettingsStore(test.elsewhere.database);
  const values = async () =>
    Object.fromEntries((await settings().list()).map(({ name, value }) => [name, value]));

  it('sets, changes and removes, and notes each', async () => {
    await settings().change({ B: '1', A: '' }, 'ann', 4e12);
    expect(await elsewhere().list()).toEqual([
      { name: 'A', value: '', changedAt: 4e12, changedBy: 'ann' },
      { name: 'B', value: '1', changedAt: 4e12, changedBy: 'ann' },
    ]);
    await elsewhere().change({ B: '2', A: null }, 'bob', 5e12);
    expect(await settings().list()).toEqual([{ name: 'B', value: '2', changedAt: 5e12, changedBy: 'bob' }]);
    const history = await settings().history(3);
    expect(history).toEqual([
      { id: expect.any(Number), name: 'A', before: '', after: null, at: 5e12, by: 'bob' },
      { id: expect.any(Number), name: 'B', before: '1', after: '2', at: 5e12, by: 'bob' },
      { id: expect.any(Number), name: 'A', before: null, after: '', at: 4e12, by: 'ann' },
    ]);
    expect(await settings().history(10)).toHaveLength(4);
  });

  it('raises the version with every change, and with nothing else', async () => {
    expect(await settings().version()).toBe(0);
    await settings().change({ A: '1', B: '2' }, 'ann', 1);
    expect(await elsewhere().version()).toBe(1);
    await settings().change({ A: '1', MISSING: null }, 'bob', 2);
    await settings().change({}, 'bob', 2);
    expect(await settings().version()).toBe(1);
    expect(await settings().history(10)).toHaveLength(2);
    expect((await settings().list())[0]).toMatchObject({ changedBy: 'ann', changedAt: 1 });
    await elsewhere().change({ A: '1', B: null }, 'bob', 3);
    expect(await settings().version()).toBe(2);
  });

  it('changes all or none', async () => {
    await settings().change({ A: '1' }, 'ann', 1);
    await expect(settings().change({ A: '2', B: '2' }, 'ann', Number.NaN)).rejects.toThrow();
    expect(await values()).toEqual({ A: '1' });
    expect(await settings().history(10)).toHaveLength(1);
    expect(await settings().version()).toBe(1);
  });

  it('takes texts that a database cannot hold', async () => {
    await settings().change({ A: 'a\u0000b' }, 'an\u0000n', 1);
    expect(await values()).toEqual({ A: 'a\uFFFDb' });
  });

  it('has a history without a gap where two servers change at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? settings() : elsewhere()).change({ A: `${index}`, B: `${index}` }, 'ann', index),
      ),
    );
    expect(await settings().version()).toBe(20);
    for (const name of ['A', 'B']) {
      const history = (await settings().history(100)).filter((change) => change.name === name).toReversed();
      expect(history).toHaveLength(20);
      expect(history.map(({ before }) => before)).toEqual([
        null,
        ...history.slice(0, -1).map(({ after }) => after),
      ]);
      expect((await values())[name]).toBe(history.at(-1)?.after);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { RecordStore } from '../records/record-store.ts';
import { newRecord } from '../testing/records.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseShareStore, type StoredShare } from './share-store.ts';

const newShare = (id: string, more: Partial<StoredShare> = {}): StoredShare => ({
  id,
  tokenHash: `hash of ${id}`,
  requestId: 'req_1',
  createdAt: 1000,
  createdBy: 'ada',
  expiresAt: 5000,
  lastOpenedAt: null,
  opened: 0,
  ...more,
});

describe.each(testDatabases)('the share store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const shares = () => new DatabaseShareStore(test.database);
  const elsewhere = () => new DatabaseShareStore(test.elsewhere.database);
  const records = () => new RecordStore(test.database);
  const keep = (...ids: readonly string[]) =>
    records().write(ids.map((id) => ({ record: newRecord({ id }) })));
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

  it('finds a link by the hash of its token alone, and never tells the hash', async () => {
    await keep('req_1');
    const share = newShare('s', { createdAt: 4e12, expiresAt: 5e12 });
    expect(await shares().create(share)).toBe(true);
    const { tokenHash: _, ...link } = share;
    expect(await elsewhere().findByHash('hash of s')).toEqual(link);
    expect(await shares().findByHash('s')).toBeNull();
    expect(await shares().findByHash('')).toBeNull();
  });

  it('makes none for a record that is not there', async () => {
    expect(await shares().create(newShare('s', { requestId: 'gone' }))).toBe(false);
    expect(await shares().list(0)).toEqual([]);
  });

  it('lists those that have not expired, newest first: all, or those of one record', async () => {
    await keep('req_1', 'req_2');
    await shares().create(newShare('1', { expiresAt: 100 }));
    await shares().create(newShare('2', { expiresAt: 900, createdAt: 10 }));
    await shares().create(newShare('3', { expiresAt: 101, createdAt: 20 }));
    await shares().create(newShare('4', { requestId: 'req_2', createdAt: 15 }));
    expect(ids(await elsewhere().list(100))).toEqual(['3', '4', '2']);
    expect(ids(await elsewhere().list(100, 'req_1'))).toEqual(['3', '2']);
    expect(ids(await elsewhere().list(100, 'gone'))).toEqual([]);
  });

  it('counts how often a link was opened, on all servers together, and when last', async () => {
    await keep('req_1');
    await shares().create(newShare('s'));
    await Promise.all([shares().markOpened('s', 30), elsewhere().markOpened('s', 20)]);
    await shares().markOpened('missing', 40);
    expect(await shares().findByHash('hash of s')).toMatchObject({ opened: 2, lastOpenedAt: 30 });
  });

  it('removes a link once, and tells which it was', async () => {
    await keep('req_1');
    await shares().create(newShare('s'));
    expect(await elsewhere().remove('s')).toMatchObject({ id: 's', requestId: 'req_1', createdBy: 'ada' });
    expect(await shares().remove('s')).toBeNull();
    expect(await shares().findByHash('hash of s')).toBeNull();
  });

  it('removes those that have ended', async () => {
    await keep('req_1');
    await shares().create(newShare('1', { expiresAt: 100 }));
    await shares().create(newShare('2', { expiresAt: 101 }));
    expect(await shares().removeExpired(100)).toBe(1);
    expect(ids(await shares().list(0))).toEqual(['2']);
  });

  it('loses the links of a record together with it', async () => {
    await records().write([
      { record: newRecord({ id: 'old', startedAt: 1 }) },
      { record: newRecord({ id: 'young', startedAt: 100 }) },
    ]);
    await shares().create(newShare('1', { requestId: 'old' }));
    await shares().create(newShare('2', { requestId: 'young' }));
    expect(await records().removeOlderThan(50, 10)).toBe(1);
    expect(ids(await shares().list(0))).toEqual(['2']);
  });
});

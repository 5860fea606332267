import { beforeEach, describe, expect, test } from 'vitest';
import { createKeyHash } from '../keys/secrets.ts';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { MemoryShareStore } from '../testing/memory-share-store.ts';
import { ShareLinks } from './share-links.ts';
import type { ShareView } from './share-ports.ts';

const hourMs = 60 * 60 * 1000;
const address = '192.0.2.7';
const ended = expect.objectContaining({
  code: 'not_found',
  message: 'This link does not exist or has ended.',
});
const shown = {
  ...{ startedAt: 1, durationMs: 2, model: 'sonnet', succeeded: true, inputTokens: 3, outputTokens: 4 },
  ...{ messages: [], timeline: [], truncated: false },
};

let parts: ReturnType<typeof createAccessParts>;
let store: MemoryShareStore;
let views: Map<string, ShareView>;
let isOn: boolean;
let shares: ShareLinks;
beforeEach(() => {
  parts = createAccessParts();
  store = new MemoryShareStore();
  views = new Map<string, ShareView>([
    ['req_1', { shown }],
    ['req_2', { shown }],
    ['bare', { shown: undefined, reason: 'Nothing was kept.' }],
  ]);
  isOn = true;
  shares = new ShareLinks({
    ...parts,
    store,
    hash: createKeyHash('the secret of the server'),
    isOn: () => isOn,
    view: async (id) => views.get(id) ?? null,
  });
});
const make = async (life: '1h' | '7d' = '7d', id = 'req_1') => shares.create(id, life, admin);

describe('making a link', () => {
  test('tells a token of 256 bits once, and keeps its hash alone', async () => {
    const { link, token } = await make('1h');
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(link).toMatchObject({ requestId: 'req_1', createdBy: 'ada', expiresAt: parts.now() + hourMs });
    expect((await make()).token).not.toBe(token);
    const kept = JSON.stringify([...store.shares.values(), parts.entries.entries, await shares.list()]);
    expect(kept).not.toContain(token);
    expect(parts.entries.entries[0]).toMatchObject({
      action: 'share.created',
      target: 'req_1',
      details: { link: link.id, life: '1h' },
    });
  });

  test.each([
    ['missing', 'not_found', "There is no record 'missing'."],
    ['bare', 'conflict', 'Nothing was kept.'],
  ])('of the record %s is refused with the reason', async (id, code, message) => {
    await expect(make('7d', id)).rejects.toMatchObject({ code, message });
    expect(parts.entries.entries).toEqual([]);
  });

  test('is refused while links are off', async () => {
    isOn = false;
    await expect(make()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('PUBLIC_SHARE_LINKS'),
    });
    expect(store.shares.size).toBe(0);
  });

  test('has a bound for each record, which those that ended are not counted in', async () => {
    await make('1h');
    for (let count = 1; count < 20; count += 1) await make();
    await expect(make()).rejects.toMatchObject({ code: 'conflict' });
    await make('7d', 'req_2');
    parts.clock.advance(hourMs);
    await make();
  });
});

describe('opening a link', () => {
  test('shows the request, and counts', async () => {
    const { link, token } = await make();
    expect(await shares.open(token, address)).toEqual({ ...shown, expiresAt: link.expiresAt });
    parts.clock.advance(5);
    await shares.open(token, address);
    expect((await shares.listOf('req_1')).items).toMatchObject([{ opened: 2, lastOpenedAt: parts.now() }]);
  });

  test('that is unknown, expired, revoked, switched off or without its record says the same', async () => {
    const [old, revoked, off, gone, bare] = [
      await make('1h'),
      await make(),
      await make(),
      await make('7d', 'req_2'),
      await make(),
    ];
    await shares.revoke(revoked.link.id, admin);
    parts.clock.advance(hourMs);
    for (const token of ['x', off.link.id, `${off.token}x`, old.token, revoked.token])
      await expect(shares.open(token, address)).rejects.toEqual(ended);
    views.delete('req_2');
    await expect(shares.open(gone.token, address)).rejects.toEqual(ended);
    views.set('req_1', { shown: undefined, reason: 'Nothing is kept any more.' });
    await expect(shares.open(bare.token, address)).rejects.toEqual(ended);
    views.set('req_1', { shown });
    isOn = false;
    await expect(shares.open(off.token, address)).rejects.toEqual(ended);
    isOn = true;
    await shares.open(off.token, address);
  });

  test('from an address that tries many is refused for a time, also with a link that is right', async () => {
    const { token } = await make();
    for (let count = 0; count < 20; count += 1)
      await expect(shares.open(`wrong ${count}`, address)).rejects.toEqual(ended);
    const refused = { code: 'too_many_attempts', retryAfterSeconds: 600 };
    await expect(shares.open('wrong', address)).rejects.toMatchObject(refused);
    await expect(shares.open(token, address)).rejects.toMatchObject(refused);
    await shares.open(token, '192.0.2.8');
    parts.clock.advance(10 * 60 * 1000);
    await shares.open(token, address);
  });

  test('has a bound for each network, in which an IPv6 address is as good as its neighbour', async () => {
    const { token } = await make();
    for (let count = 0; count < 60; count += 1) await shares.open(token, `2001:db8::${count}`);
    await expect(shares.open(token, '2001:db8::ffff')).rejects.toMatchObject({ code: 'too_many_attempts' });
    await shares.open(token, '2001:db8:1::1');
    parts.clock.advance(60 * 1000);
    await shares.open(token, '2001:db8::1');
  });
});

test('the lists tell what is open, and whether links open at all', async () => {
  const { link } = await make('1h');
  const other = await make('7d', 'req_2');
  const idsOf = (list: { readonly items: readonly { readonly id: string }[] }) =>
    list.items.map(({ id }) => id);
  expect(idsOf(await shares.list())).toEqual([link.id, other.link.id]);
  expect(await shares.listOf('req_1')).toMatchObject({ enabled: true, reason: null, items: [link] });
  parts.clock.advance(hourMs);
  isOn = false;
  expect(await shares.list()).toMatchObject({ enabled: false, items: [{ id: other.link.id }] });
  expect(await shares.listOf('bare')).toEqual({ enabled: false, reason: 'Nothing was kept.', items: [] });
  await expect(shares.listOf('missing')).rejects.toMatchObject({ code: 'not_found' });
  expect(await shares.removeExpired()).toBe(1);
});

test('a link is revoked once, and the audit tells whose it was', async () => {
  const { link } = await make();
  await shares.revoke(link.id, { name: 'bob', address: null });
  expect(parts.entries.entries.at(-1)).toMatchObject({
    actor: 'bob',
    action: 'share.revoked',
    target: 'req_1',
    details: { link: link.id, madeBy: 'ada' },
  });
  await expect(shares.revoke(link.id, admin)).rejects.toMatchObject({ code: 'not_found' });
});

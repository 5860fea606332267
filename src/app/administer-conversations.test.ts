import { expect, test } from 'vitest';
import type { OverviewEntry } from '../storage/index.ts';
import { ConversationAdministrator } from './administer-conversations.ts';

const admin = { name: 'admin', address: null };

/** So many chains, the youngest first; the title of each is its number. */
function open(count: number) {
  const entries = Array.from(
    { length: count },
    (_, index): OverviewEntry => ({
      id: `resp_${index}`,
      kind: index % 2 === 0 ? 'responses' : 'conversation',
      owner: index % 3 === 0 ? 'key_1' : 'local',
      createdAt: 1,
      updatedAt: count - index,
      model: null,
    }),
  );
  const done: unknown[] = [];
  const asked: (string | undefined)[] = [];
  const administrator = new ConversationAdministrator({
    overview: {
      async list({ owner, cursor, limit }) {
        asked.push(owner);
        const from = cursor === undefined ? 0 : entries.findIndex(({ id }) => cursor.endsWith(`.${id}`)) + 1;
        const rest = entries.slice(from);
        return { entries: rest.slice(0, limit), hasMore: rest.length > limit };
      },
      find: async (id) => entries.find((entry) => entry.id === id) ?? null,
      beginning: async ({ id }) => [`{"type":"message","role":"user","content":[{"text":"Title of ${id}"}]}`],
      lastItems: async () => ({ items: [{ id: 'a', body: { type: 'message' } }], truncated: true }),
      responsesOf: async ({ id }) => [id, 'earlier'],
    },
    conversations: { delete: async (...what) => done.push(['conversation', ...what]) > 0 },
    responses: { delete: async (...what) => done.push(['response', ...what]) > 0 },
    keys: async () => [{ id: 'key_1', name: 'first' }],
    audit: { record: async (...what) => void done.push(['audit', ...what]) },
  });
  return { administrator, done, asked };
}

test('tells titles and keys by name, page by page', async () => {
  const { administrator, asked } = open(3);
  const first = await administrator.list({ key: 'key_1', limit: 2 });
  expect(first.items[0]).toMatchObject({ title: 'Title of resp_0', keyId: 'key_1', keyName: 'first' });
  expect(first.items[1]).toMatchObject({ owner: 'local', keyId: null, keyName: null });
  expect(asked).toEqual(['key_1']);
  const { items, nextCursor } = await administrator.list({ limit: 2, cursor: first.nextCursor ?? '' });
  expect([items.map(({ id }) => id), nextCursor]).toEqual([['resp_2'], null]);
});

test('finds titles, goes on where a page ended, and stops a search that finds little', async () => {
  const { administrator } = open(250);
  const page = await administrator.list({ text: 'OF RESP_2', limit: 50 });
  expect(page.items.map(({ id }) => id)).toHaveLength(50);
  const rest = await administrator.list({ text: 'of resp_2', limit: 50, cursor: page.nextCursor ?? '' });
  expect(page.items.length + rest.items.length).toBe(1 + 10 + 50);
  expect(rest.nextCursor).toBeNull();

  const many = open(2500).administrator;
  const nothing = await many.list({ text: 'resp_2499', limit: 50 });
  expect(nothing).toEqual({ items: [], nextCursor: expect.any(String) });
  const further = await many.list({ text: 'resp_2499', limit: 50, cursor: nothing.nextCursor ?? '' });
  const last = await many.list({ text: 'resp_2499', limit: 50, cursor: further.nextCursor ?? '' });
  expect([last.items.map(({ id }) => id), last.nextCursor]).toEqual([['resp_2499'], null]);
});

test('shows one with its items', async () => {
  const { administrator } = open(2);
  expect(await administrator.get('resp_0')).toMatchObject({
    conversation: { id: 'resp_0', title: 'Title of resp_0' },
    items: [{ type: 'message' }],
    truncated: true,
  });
  await expect(administrator.get('missing')).rejects.toMatchObject({ code: 'not_found' });
});

test('deletes one with its responses, and signs for it', async () => {
  const { administrator, done } = open(2);
  await administrator.remove('resp_1', admin);
  expect(done).toEqual([
    ['response', 'local', 'resp_1'],
    ['response', 'local', 'earlier'],
    ['conversation', 'local', 'resp_1'],
    ['audit', admin, 'conversation.deleted', 'resp_1', { owner: 'local', responses: 2 }],
  ]);
  await expect(administrator.remove('missing', admin)).rejects.toMatchObject({ code: 'not_found' });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { View } from '../../../src/contract/index.ts';
import { readKeysSearch } from '../pages/keys/search.ts';
import { readRecordsSearch } from '../pages/records/search.ts';
import { changeViews } from './change-views.ts';
import { isChanged, readView, writeView } from './view-search.ts';

const records = { read: readRecordsSearch, passing: ['peek'] } as const;
const keys = { read: readKeysSearch, passing: ['create'] } as const;
const viewOf = (search: string) => ({ id: 'view_1', search });

describe('a view', () => {
  test('keeps filters and order, and nothing that is of the moment', () => {
    const search = readRecordsSearch({ status: 'error', range: '24h', peek: 'req_1', view: 'view_1' });
    expect(writeView(search, records)).toBe('range=24h&status=error');
    expect(writeView(readKeysSearch({ text: 'ann', sort: '-cost', create: true }), keys)).toBe(
      'sort=-cost&text=ann',
    );
    expect(writeView(readRecordsSearch({ view: 'all', peek: 'req_1' }), records)).toBe('');
  });

  test('keeps a range up to now as such', () => {
    const open = readView(viewOf('range=24h'), records);
    expect(open).toEqual({ range: '24h', view: 'view_1' });
  });

  test('leads to what was kept, whatever it was', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const list = fc.array(
      text.filter((one) => !one.includes(',')),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(text, list, fc.integer({ min: 100, max: 599 }), (words, model, status) => {
        const search = readRecordsSearch({ text: words, model, status, range: '7d' });
        const kept = writeView(search, records);
        expect(kept).toMatch(/^[\x21-\x7e]*$/);
        expect(readView(viewOf(kept), records)).toEqual({ ...search, view: 'view_1' });
        expect(isChanged({ ...search, view: 'view_1', peek: 'req_1' }, viewOf(kept), records)).toBe(false);
      }),
    );
  });

  test('of another version opens with what the page still knows', () => {
    const old = 'status=gone&sort=-old&range=3 weeks&model=opus&view=view_2&peek=req_1';
    expect(readView(viewOf(old), records)).toEqual({ model: ['opus'], view: 'view_1' });
    expect(readView(viewOf('%%%&=&&a=b'), records)).toEqual({ view: 'view_1' });
    expect(isChanged(readRecordsSearch({ model: 'opus' }), viewOf(old), records)).toBe(false);
  });

  test('is changed by another filter, and not by another order of the fields', () => {
    const view = viewOf('status=error&range=24h');
    expect(isChanged(readRecordsSearch({ range: '24h', status: 'error' }), view, records)).toBe(false);
    expect(isChanged(readRecordsSearch({ range: '7d', status: 'error' }), view, records)).toBe(true);
    expect(isChanged(readRecordsSearch({}), view, records)).toBe(true);
  });
});

test('a change is seen at once, and a page opens with one view at most', () => {
  const view = (id: string, more: Partial<View> = {}): View => ({
    id,
    page: 'records',
    name: id,
    search: 'status=error',
    shared: false,
    own: true,
    owner: 'ada',
    isDefault: false,
    createdAt: 1,
    updatedAt: 1,
    ...more,
  });
  const before = [view('a', { isDefault: true }), view('b'), view('c', { page: 'keys', isDefault: true })];
  expect(changeViews(before, 'b', { isDefault: true, name: undefined }).map((one) => one.isDefault)).toEqual([
    false,
    true,
    true,
  ]);
  expect(changeViews(before, 'a', { isDefault: false })[0]).toEqual(view('a'));
  expect(changeViews(before, 'b', { name: 'New', shared: true, search: '' })).toEqual([
    before[0],
    view('b', { name: 'New', shared: true, search: '' }),
    before[2],
  ]);
  expect(changeViews(before, 'gone', { isDefault: true })).toEqual(before);
});

import type {
  FileDeleted as OpenaiFileDeleted,
  FileObject as OpenaiFileObject,
} from 'openai/resources/files';
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import { encodeList } from '../encode-list.ts';
import { parseBody } from '../parse-body.ts';
import { encodeFileDeleted, encodeFileObject, type FileDeleted, type FileObject } from './file-object.ts';
import { decodeFileUpload, fileListQuery } from './file-requests.ts';

const facts = { id: 'file-1', bytes: 5, createdAt: 7, filename: 'a.csv', purpose: 'user_data' } as const;

describe('a file', () => {
  it('is told as OpenAI tells it', () => {
    expect(encodeFileObject({ ...facts, expiresAt: 9 })).toEqual({
      ...{ id: 'file-1', object: 'file', bytes: 5, created_at: 7, expires_at: 9, filename: 'a.csv' },
      ...{ purpose: 'user_data', status: 'processed' },
    });
    expect(encodeFileObject(facts)).not.toHaveProperty('expires_at');
    expectTypeOf<Omit<FileObject, 'purpose'>>().toExtend<Omit<OpenaiFileObject, 'purpose'>>();
  });

  it('that is deleted is told so', () => {
    expect(encodeFileDeleted('file-1')).toEqual({ id: 'file-1', object: 'file', deleted: true });
    expectTypeOf<FileDeleted>().toExtend<OpenaiFileDeleted>();
  });
});

test('a list has its first and last id', () => {
  const [one, two] = [encodeFileObject(facts), encodeFileObject({ ...facts, id: 'file-2' })];
  expect(encodeList([one, two], true)).toEqual({
    ...{ object: 'list', data: [one, two], first_id: 'file-1', last_id: 'file-2', has_more: true },
  });
  expect(encodeList([], false)).toEqual({
    ...{ object: 'list', data: [], first_id: null, last_id: null, has_more: false },
  });
});

describe('an upload', () => {
  it('has a purpose, and perhaps an end', () => {
    expect(decodeFileUpload({ purpose: 'assistants' })).toEqual({ purpose: 'assistants' });
    const end = { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600' };
    expect(decodeFileUpload({ purpose: 'vision', ...end })).toEqual({
      ...{ purpose: 'vision', expiresAfterSeconds: 3600 },
    });
  });

  test.each<[object, string, string]>([
    [{}, 'purpose', 'missing_required_field'],
    [{ purpose: 'assistants_output' }, 'purpose', 'invalid_value'],
    [{ purpose: 'vision', 'expires_after[seconds]': '60' }, 'expires_after[seconds]', 'invalid_value'],
    [{ purpose: 'vision', 'expires_after[seconds]': 'x' }, 'expires_after[seconds]', 'invalid_type'],
    [{ purpose: 'vision', 'expires_after[anchor]': 'now' }, 'expires_after[anchor]', 'invalid_value'],
    [
      { purpose: 'vision', 'expires_after[anchor]': 'created_at' },
      ...(['expires_after[seconds]', 'missing_required_field'] as const),
    ],
  ])('%j is refused', (fields, param, code) => {
    expect(() => decodeFileUpload(fields)).toThrow(expect.objectContaining({ status: 400, param, code }));
  });
});

describe('a query for files', () => {
  test.each<[object, object]>([
    [{}, { limit: 10_000, order: 'desc' }],
    [
      { after: '', limit: '', order: '', purpose: '' },
      { limit: 10_000, order: 'desc' },
    ],
    [
      { after: 'file-1', limit: '5', order: 'asc', purpose: 'vision' },
      { after: 'file-1', limit: 5, order: 'asc', purpose: 'vision' },
    ],
  ])('%j is understood', (query, expected) => {
    expect(parseBody(fileListQuery, query)).toEqual(expected);
  });

  test.each<[object, string]>([
    [{ limit: '0' }, 'limit'],
    [{ limit: '10001' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ order: 'up' }, 'order'],
    [{ after: ['a', 'b'] }, 'after'],
  ])('%j is refused', (query, param) => {
    expect(() => parseBody(fileListQuery, query)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});

import type { ContainerRetrieveResponse } from 'openai/resources/containers/containers';
import type { FileRetrieveResponse } from 'openai/resources/containers/files/files';
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import { parseBody } from '../parse-body.ts';
import {
  type ContainerFileObject,
  encodeContainerFile,
  encodeContainerFileDeleted,
} from './container-file-object.ts';
import { type ContainerObject, encodeContainer, encodeContainerDeleted } from './container-object.ts';
import {
  containerFileCreateSchema,
  containerFileListQuery,
  containerListQuery,
  decodeContainerCreate,
} from './container-requests.ts';

/** OpenAI's types have no read-only members. */
type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

test('a container is told as OpenAI tells it', () => {
  const facts = { id: 'cntr_1', createdAt: 1, lastActiveAt: 2, name: 'work' };
  const told = {
    id: 'cntr_1',
    object: 'container',
    created_at: 1,
    status: 'running',
    last_active_at: 2,
    name: 'work',
  };
  expect(encodeContainer(facts)).toEqual(told);
  expect(encodeContainer({ ...facts, expiresAfterMinutes: 20 })).toEqual({
    ...told,
    expires_after: { anchor: 'last_active_at', minutes: 20 },
  });
  expectTypeOf<Mutable<ContainerObject>>().toExtend<ContainerRetrieveResponse>();
  expect(encodeContainerDeleted('cntr_1')).toEqual({
    id: 'cntr_1',
    object: 'container.deleted',
    deleted: true,
  });
});

test('a file of a container is told as OpenAI tells it', () => {
  const facts = {
    id: 'cfile_1',
    containerId: 'cntr_1',
    bytes: 3,
    createdAt: 1,
    path: 'a/b',
    source: 'user',
  } as const;
  expect(encodeContainerFile(facts)).toEqual({
    ...{ id: 'cfile_1', object: 'container.file', bytes: 3, container_id: 'cntr_1', created_at: 1 },
    ...{ path: 'a/b', source: 'user' },
  });
  expectTypeOf<Mutable<ContainerFileObject>>().toExtend<FileRetrieveResponse>();
  expect(encodeContainerFileDeleted('cfile_1')).toEqual({
    ...{ id: 'cfile_1', object: 'container.file.deleted', deleted: true },
  });
});

describe('a new container', () => {
  it('has a name', () => {
    expect(decodeContainerCreate({ name: 'work', expires_after: null, file_ids: null })).toEqual({
      ...{ name: 'work', fileIds: [], ignored: [] },
    });
  });

  it('may have an end and files', () => {
    const expires_after = { anchor: 'last_active_at', minutes: 20 };
    expect(decodeContainerCreate({ name: 'work', expires_after, file_ids: ['a', 'b', 'a'] })).toMatchObject({
      ...{ expiresAfterMinutes: 20, fileIds: ['a', 'b'] },
    });
  });

  it('says which of its settings have no effect', () => {
    const settings = { memory_limit: '4g', network_policy: { type: 'disabled' }, skills: null };
    expect(decodeContainerCreate({ name: 'work', ...settings }).ignored.map(({ param }) => param)).toEqual([
      ...['memory_limit', 'network_policy'],
    ]);
  });

  test.each<[unknown, string | null]>([
    [undefined, null],
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'a', expires_after: { anchor: 'created_at', minutes: 1 } }, 'expires_after.anchor'],
    [{ name: 'a', expires_after: { anchor: 'last_active_at', minutes: 0 } }, 'expires_after.minutes'],
    [{ name: 'a', file_ids: [1] }, 'file_ids[0]'],
  ])('is refused: %j', (body, param) => {
    expect(() => decodeContainerCreate(body)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});

test('an uploaded file is named by its id', () => {
  expect(parseBody(containerFileCreateSchema, { file_id: 'file-1' })).toEqual({ file_id: 'file-1' });
  expect(() => parseBody(containerFileCreateSchema, {})).toThrow(
    expect.objectContaining({ param: 'file_id' }),
  );
});

test('lists are short unless asked otherwise', () => {
  expect(parseBody(containerListQuery, { name: 'x' })).toEqual({ limit: 20, order: 'desc', name: 'x' });
  expect(parseBody(containerFileListQuery, { limit: '100' })).toEqual({ limit: 100, order: 'desc' });
  expect(() => parseBody(containerFileListQuery, { limit: '101' })).toThrow(
    expect.objectContaining({ param: 'limit' }),
  );
});

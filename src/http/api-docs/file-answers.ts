import { z } from 'zod';
import {
  type ContainerFileObject,
  type ContainerObject,
  type FileObject,
  filePurposes,
} from '../../openai/index.ts';

const seconds = z.int().describe('Seconds since 1970.');

const file: z.ZodType<FileObject> = z.object({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.int(),
  created_at: seconds,
  expires_at: seconds.exactOptional(),
  filename: z.string(),
  purpose: z.enum(filePurposes),
  status: z.literal('processed'),
});

const container: z.ZodType<ContainerObject> = z.object({
  id: z.string(),
  object: z.literal('container'),
  created_at: seconds,
  status: z.literal('running'),
  expires_after: z.object({ anchor: z.literal('last_active_at'), minutes: z.int() }).exactOptional(),
  last_active_at: seconds,
  name: z.string(),
});

const containerFile: z.ZodType<ContainerFileObject> = z.object({
  id: z.string(),
  object: z.literal('container.file'),
  bytes: z.int(),
  container_id: z.string(),
  created_at: seconds,
  path: z.string().describe('Relative to the workspace.'),
  source: z.enum(['assistant', 'user']),
});

const listOf = (schema: z.ZodType) =>
  z.object({
    object: z.literal('list'),
    data: z.array(schema),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });

const deleted = (object: string) =>
  z.object({ id: z.string(), object: z.literal(object), deleted: z.literal(true) });

/** What the routes of files answer, by the names that the schemas have in the document. */
export const fileAnswers = {
  File: file,
  FileList: listOf(file),
  DeletedFile: deleted('file'),
  Container: container,
  ContainerList: listOf(container),
  DeletedContainer: deleted('container.deleted'),
  ContainerFile: containerFile,
  ContainerFileList: listOf(containerFile),
  DeletedContainerFile: deleted('container.file.deleted'),
} as const;

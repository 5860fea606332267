import { z } from 'zod';
import {
  containerCreateSchema,
  containerFileCreateSchema,
  containerFileListQuery,
  containerListQuery,
  fileListQuery,
  fileUploadSchema,
} from '../../openai/index.ts';
import type { DocumentMethod, JsonSchema, MediaType, Operation, PlacedOperation } from './document.ts';
import { fileAnswers } from './file-answers.ts';
import { pathParameters } from './path-parameters.ts';
import { nameSchemas, type SchemaBook } from './schema-book.ts';

nameSchemas('output', fileAnswers);
nameSchemas('input', {
  CreateContainer: containerCreateSchema,
  CreateContainerFile: containerFileCreateSchema,
});

interface FileOperation {
  readonly method: DocumentMethod;
  readonly path: `/v1/${string}`;
  readonly id: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly json?: z.ZodObject;
  /** Its fields beside `file`. */
  readonly form?: z.ZodObject;
  /** Or the media type of a download. */
  readonly answer: keyof typeof fileAnswers | `${string}/${string}`;
}

const anyType = '*/*';

/** A table, so that it can be compared with the routes, and its answers with what they answer. */
export const fileTable: readonly FileOperation[] = [
  {
    method: 'post',
    path: '/v1/files',
    id: 'createFile',
    summary: 'Uploads a file, to be named by its id in a conversation.',
    form: fileUploadSchema,
    answer: 'File',
  },
  {
    method: 'get',
    path: '/v1/files',
    id: 'listFiles',
    summary: 'The files that were uploaded.',
    query: fileListQuery,
    answer: 'FileList',
  },
  { method: 'get', path: '/v1/files/{id}', id: 'getFile', summary: 'One of them.', answer: 'File' },
  {
    method: 'get',
    path: '/v1/files/{id}/content',
    id: 'getFileContent',
    summary:
      'The content of an uploaded file, or of one of a container; with the token of a link, no key is needed.',
    query: z.object({ token: z.string().optional() }),
    answer: anyType,
  },
  {
    method: 'delete',
    path: '/v1/files/{id}',
    id: 'deleteFile',
    summary: 'Deletes an uploaded file.',
    answer: 'DeletedFile',
  },
  {
    method: 'post',
    path: '/v1/containers',
    id: 'createContainer',
    summary: 'Makes a workspace.',
    json: containerCreateSchema,
    answer: 'Container',
  },
  {
    method: 'get',
    path: '/v1/containers',
    id: 'listContainers',
    summary: 'The workspaces that have files.',
    query: containerListQuery,
    answer: 'ContainerList',
  },
  {
    method: 'get',
    path: '/v1/containers/{id}',
    id: 'getContainer',
    summary: 'One of them.',
    answer: 'Container',
  },
  {
    method: 'delete',
    path: '/v1/containers/{id}',
    id: 'deleteContainer',
    summary: 'Deletes what is kept of its files, and the workspace if it was made by `POST`.',
    answer: 'DeletedContainer',
  },
  {
    method: 'post',
    path: '/v1/containers/{id}/files',
    id: 'createContainerFile',
    summary: 'Puts a file into the workspace: one that comes along, or one that was uploaded.',
    form: z.looseObject({}),
    json: containerFileCreateSchema,
    answer: 'ContainerFile',
  },
  {
    method: 'get',
    path: '/v1/containers/{id}/archive',
    id: 'getContainerArchive',
    summary: 'The whole workspace as a zip archive, or what one run made and changed.',
    query: z.object({ run: z.string().optional().describe('The id of the run: of a response, its own.') }),
    answer: 'application/zip',
  },
  {
    method: 'get',
    path: '/v1/containers/{id}/files',
    id: 'listContainerFiles',
    summary: 'What runs and clients have put there.',
    query: containerFileListQuery,
    answer: 'ContainerFileList',
  },
  {
    method: 'get',
    path: '/v1/containers/{id}/files/{fileId}',
    id: 'getContainerFile',
    summary: 'One of these files.',
    answer: 'ContainerFile',
  },
  {
    method: 'get',
    path: '/v1/containers/{id}/files/{fileId}/content',
    id: 'getContainerFileContent',
    summary: 'Its content, as the run left it.',
    answer: anyType,
  },
  {
    method: 'delete',
    path: '/v1/containers/{id}/files/{fileId}',
    id: 'deleteContainerFile',
    summary: 'Deletes it, in the workspace too.',
    answer: 'DeletedContainerFile',
  },
];

export function fileOperations(book: SchemaBook): PlacedOperation[] {
  return fileTable.map((entry) => ({
    path: entry.path,
    method: entry.method,
    operation: describe(entry, book),
  }));
}

function describe(entry: FileOperation, book: SchemaBook): Operation {
  const { path, id, summary, query, answer } = entry;
  const parameters = [...pathParameters(path), ...(query ? book.parameters('query', query) : [])];
  const content = describeBody(entry, book);
  return {
    operationId: id,
    tags: [path.startsWith('/v1/files') ? 'Files' : 'Containers'],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: true, content } }),
    responses: { ...describeAnswer(answer, book), default: { $ref: '#/components/responses/Error' } },
    // The key may be left out where the server asks for none.
    security: [{ apiKey: [] }, {}],
  };
}

function describeBody(
  { form, json }: FileOperation,
  book: SchemaBook,
): Record<string, MediaType> | undefined {
  if (form === undefined && json === undefined) return undefined;
  return {
    ...(form && { 'multipart/form-data': { schema: withFile(book.input(form, { strict: false })) } }),
    ...(json && { 'application/json': { schema: book.input(json, { strict: false }) } }),
  };
}

function withFile({ properties, required = [], ...rest }: JsonSchema): JsonSchema {
  const content: JsonSchema = { type: 'string', format: 'binary' };
  return { ...rest, properties: { file: content, ...properties }, required: ['file', ...required] };
}

function describeAnswer(answer: FileOperation['answer'], book: SchemaBook): Operation['responses'] {
  if (isNamed(answer)) {
    const schema = book.output(fileAnswers[answer]);
    return { 200: { description: 'OK.', content: { 'application/json': { schema } } } };
  }
  const content = { [answer]: { schema: { type: 'string', format: 'binary' } as const } };
  const parts = {
    206: { description: 'The part that `range` asks for.', content },
    304: { description: 'The client has it.' },
  };
  return { 200: { description: 'The content.', content }, ...(answer === anyType && parts) };
}

function isNamed(answer: FileOperation['answer']): answer is keyof typeof fileAnswers {
  return answer in fileAnswers;
}

import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { badRequest, invalidValue, WireError } from '../../openai/index.ts';
import { type BlobStore, type Draft, StorageError } from '../../storage/index.ts';
import { detectMediaType } from './detect-media-type.ts';

/** A form with at most one file, which lies on disk. Disposing of it removes the file unless it was kept. */
export interface Upload extends AsyncDisposable {
  readonly fields: Readonly<Record<string, string>>;
  readonly file?: ReceivedFile;
}

export interface ReceivedFile {
  readonly draft: Draft;
  /** For people: no path, no control characters. */
  readonly filename: string;
  readonly mediaType: string;
}

const limits = {
  fileSize: Number.POSITIVE_INFINITY,
  fieldSize: 4096,
  fields: 50,
  parts: 100,
  headerPairs: 50,
};
const mostNameLength = 1000;

/**
 * Reads a form, its file straight to disk. Rejects with a WireError or a StorageError; then nothing stays, as where
 * the client breaks off.
 */
export async function receiveUpload(
  request: FastifyRequest,
  { blobs, maxBytes }: { readonly blobs: Pick<BlobStore, 'receive'>; readonly maxBytes: number },
): Promise<Upload> {
  if (!request.isMultipart()) throw notAForm();
  if (Number(request.headers['content-length']) > maxBytes + formOverhead) throw fileTooLarge(maxBytes);
  const fields = new Map<string, string>();
  let file: ReceivedFile | undefined;
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') addField(fields, part);
      else if (part.fieldname !== 'file') part.file.resume();
      else if (file !== undefined) throw twice('file');
      else file = await receiveFile(part, blobs, maxBytes);
    }
  } catch (error) {
    await file?.draft[Symbol.asyncDispose]();
    // A client that still sends reads the answer only afterwards.
    request.raw.unpipe().resume();
    throw asFormError(error, maxBytes);
  }
  return {
    fields: Object.fromEntries(fields),
    ...(file && { file }),
    async [Symbol.asyncDispose]() {
      await file?.draft[Symbol.asyncDispose]();
    },
  };
}

/** What a form may have beside its file. */
const formOverhead = 1024 * 1024;

function addField(fields: Map<string, string>, { fieldname, value, valueTruncated }: MultipartValue): void {
  if (fields.has(fieldname)) throw twice(fieldname);
  if (valueTruncated) throw invalidValue(fieldname, `Invalid '${fieldname}': the value is too long.`);
  fields.set(fieldname, String(value));
}

async function receiveFile(
  { file, filename: given, mimetype }: MultipartFile,
  blobs: Pick<BlobStore, 'receive'>,
  maxBytes: number,
): Promise<ReceivedFile> {
  const filename = plainName(given);
  if (filename.length > mostNameLength)
    throw invalidValue('file', `Invalid 'file': its name is longer than ${mostNameLength} characters.`);
  const draft = await blobs.receive(file, { maxBytes });
  return { draft, filename, mediaType: detectMediaType(filename, draft, mimetype) };
}

/** The end of the path that a client may send, as browsers encode it. */
function plainName(given: string | undefined): string {
  const decoded = (given ?? '').replaceAll(/%22|%0D|%0A/gi, decodeURIComponent);
  const last = decoded.split(/[/\\]/).at(-1) ?? '';
  const name = last.replaceAll(/\p{Cc}/gu, '').trim();
  return /^\.*$/.test(name) ? 'file' : name;
}

function asFormError(error: unknown, maxBytes: number): unknown {
  if (error instanceof StorageError && error.code === 'file_too_large') return fileTooLarge(maxBytes);
  if (error instanceof WireError || error instanceof StorageError) return error;
  const isOurs =
    !(error instanceof Error) || 'syscall' in error || ('code' in error && isFastifys(error.code));
  return isOurs ? error : unreadableForm(error);
}

/** These are told as they are. */
function isFastifys(code: unknown): boolean {
  return typeof code === 'string' && code.startsWith('FST_');
}

function fileTooLarge(maxBytes: number): WireError {
  return new WireError({
    status: 413,
    type: 'invalid_request_error',
    message: `The file is larger than this server accepts: at most ${Math.floor(maxBytes / 1024 / 1024)} MB.`,
    param: 'file',
    code: 'file_too_large',
    shouldRetry: false,
  });
}

function notAForm(): WireError {
  return badRequest(
    "A file is uploaded as 'multipart/form-data', with the parts 'file' and 'purpose'.",
    null,
    'invalid_content_type',
  );
}

function unreadableForm(cause: Error): WireError {
  return new WireError({
    status: 400,
    type: 'invalid_request_error',
    message: `The multipart form could not be read: ${cause.message}.`,
    code: 'invalid_form',
    cause,
  });
}

function twice(field: string): WireError {
  return badRequest(`The form has more than one part named '${field}'.`, field, 'invalid_value');
}

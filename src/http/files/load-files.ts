import { buffer } from 'node:stream/consumers';
import { type FindFile, readableAs, type UploadedContent, type UploadedFile } from '../../openai/index.ts';
import type { StoredFile } from '../../storage/index.ts';
import type { FileServices } from './file-services.ts';

/** Of all files of one request: upstream takes 32 MB, in base64. */
const mostBytes = 24 * 1024 * 1024;

/**
 * Loads the owner's files of these ids for a decoder. Those that Claude can read itself come with their content, as far
 * as all of it can be sent.
 */
export async function loadFiles(
  owner: string,
  ids: readonly string[],
  { files, blobs }: Pick<FileServices, 'files' | 'blobs'>,
): Promise<FindFile> {
  const loaded = new Map<string, UploadedFile>();
  if (ids.length === 0) return () => undefined;
  const found = await files.find(owner, ids);
  let bytes = 0;
  for (const id of new Set(ids)) {
    const file = found.get(id);
    if (file === undefined) continue;
    const { filename, mediaType } = file;
    const kind = readableAs(mediaType, file.bytes);
    const fits = kind !== undefined && bytes + file.bytes <= mostBytes;
    const content = fits ? await read(file, kind, blobs) : undefined;
    if (content !== undefined) bytes += file.bytes;
    loaded.set(id, { filename, mediaType, ...(content && { content }) });
  }
  return (id) => loaded.get(id);
}

async function read(
  { sha256, bytes }: StoredFile,
  kind: UploadedContent['kind'],
  blobs: Pick<FileServices['blobs'], 'open'>,
): Promise<UploadedContent | undefined> {
  const blob = await blobs.open(sha256, bytes);
  if (blob === undefined) return undefined;
  const content = await buffer(blob.stream());
  return kind === 'text'
    ? { kind, text: content.toString('utf8') }
    : { kind, data: content.toString('base64') };
}

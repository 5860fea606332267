import { finished, PassThrough, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { ZipFile } from 'yazl';
import { asWorkspaceFileError } from './workspace-file-error.ts';

const end = promisify(finished);

/** A file that is open, and closed once its stream ends. */
export interface ArchivedFile {
  readonly modifiedAt: Date;
  readonly executable: boolean;
  stream(): Readable;
}

/**
 * Packs files one after the other, as fast as the archive is read. A file that cannot be opened any more is left out; one that
 * fails while it is read breaks the archive off, which its reader is told.
 */
export function zipFiles(
  files: readonly { readonly path: string }[],
  open: (path: string) => Promise<ArchivedFile | undefined>,
): Readable {
  const zip = new ZipFile();
  const archive = new PassThrough();
  zip.on('error', (error: Error) => archive.destroy(error));
  zip.outputStream.pipe(archive);
  const pack = async (): Promise<void> => {
    const taken = new Set<string>();
    let current: Readable | undefined;
    archive.once('close', () => current?.destroy());
    for (const { path } of files) {
      if (archive.destroyed) return;
      const file = await openIfThere(open, path);
      if (file === undefined) continue;
      const stream = file.stream();
      current = stream;
      zip.addReadStream(stream, freeName(archiveName(path), taken), {
        mtime: file.modifiedAt,
        mode: file.executable ? 0o100755 : 0o100644,
      });
      await end(stream);
    }
    zip.end();
  };
  pack().catch((error: unknown) => archive.destroy(asWorkspaceFileError(error)));
  return archive;
}

async function openIfThere(
  open: (path: string) => Promise<ArchivedFile | undefined>,
  path: string,
): Promise<ArchivedFile | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (asWorkspaceFileError(error).problem === 'not_found') return undefined;
    throw error;
  }
}

/** Backslashes and drive letters mean a place to some who unpack; control characters nothing good. */
function archiveName(path: string): string {
  return path
    .split('/')
    .map((name) =>
      name
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        .replace(/[\\\u0000-\u001f\u007f]/g, encode)
        .replace(/^([A-Za-z]):/, (_, letter: string) => `${letter}%3A`),
    )
    .join('/');
}

function encode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name} (${count})`;
  taken.add(free);
  return free;
}

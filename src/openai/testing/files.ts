import type { FileChange, FileContent, FilesChanged } from '../../turn/index.ts';
import { FileAttacher, type ResolveFile } from '../attach-files.ts';
import type { FindFile, UploadedFile } from '../uploaded-files.ts';

/** The content of a text file. */
export function textContent(text: string, mediaType = 'text/plain'): FileContent {
  return { size: Buffer.byteLength(text), mediaType, sha256: 'ab12', text };
}

export const imageContent: FileContent = { size: 12_345, mediaType: 'image/png', sha256: 'cd34' };

export function filesChanged(changes: readonly FileChange[], more: Partial<FilesChanged> = {}): FilesChanged {
  return { type: 'files', workspaceId: 'w', changes, omitted: 0, certain: true, ...more };
}

/** For a caller who has uploaded nothing. */
export const noFiles: ResolveFile = new FileAttacher({ intoWorkspace: true }).resolve;

const uploads: Readonly<Record<string, UploadedFile>> = {
  'file-csv': { filename: 'report.csv', mediaType: 'text/csv', content: { kind: 'text', text: 'a,b\n' } },
  'file-png': {
    filename: 'a.png',
    mediaType: 'image/png',
    content: { kind: 'base64', data: 'iVBORw0KGgoA' },
  },
  'file-pdf': {
    filename: 'a.pdf',
    mediaType: 'application/pdf',
    content: { kind: 'base64', data: 'JVBERi0=' },
  },
  'file-zip': { filename: 'a.zip', mediaType: 'application/zip' },
};

/** `file-csv`, `file-png`, `file-pdf` and `file-zip`. */
export const findUpload: FindFile = (id) => (Object.hasOwn(uploads, id) ? uploads[id] : undefined);

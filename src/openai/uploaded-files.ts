import type { Profile } from '../turn/index.ts';
import { isImageType, isTextType } from './decode-media.ts';

/** A file that the caller has at this server, loaded before a request is decoded that names it. */
export interface UploadedFile {
  readonly filename: string;
  readonly mediaType: string;
  /** What Claude reads by itself; absent where `readableAs` says that it cannot. */
  readonly content?: UploadedContent;
}

export type UploadedContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'base64'; readonly data: string };

/** By its id; undefined for a file that is not there or belongs to somebody else. */
export type FindFile = (id: string) => UploadedFile | undefined;

/** Longer texts would fill the model's context; an agent reads of them what it needs. */
const mostTextBytes = 256 * 1024;
/** Upstream takes images of 5 MB and requests of 32 MB, both in base64. */
const mostImageBytes = (5 * 1024 * 1024 * 3) / 4;
const mostPdfBytes = 20 * 1024 * 1024;

/** In which form Claude can be given a file of this type and size; undefined: in none. */
export function readableAs(mediaType: string, bytes: number): UploadedContent['kind'] | undefined {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/pdf') return bytes <= mostPdfBytes ? 'base64' : undefined;
  if (isImageType(type)) return bytes <= mostImageBytes ? 'base64' : undefined;
  return isTextType(type) && bytes <= mostTextBytes ? 'text' : undefined;
}

/** Whether an agent of this profile gets at files in its workspace. */
export function readsWorkspace({ workspace, builtInTools }: Profile): boolean {
  if (workspace === 'none' || builtInTools === 'none') return false;
  return builtInTools === 'all' || builtInTools.includes('Read') || builtInTools.includes('Bash');
}

/**
 * Where an uploaded file belongs in the workspace. Every file has a directory of its own, since a workspace may serve
 * many conversations, and since the path stands in the conversation and must stay the same in each later request.
 */
export function uploadPath(id: string, filename: string): string {
  return `uploads/${pathPart(id)}/${pathPart(filename)}`;
}

/** Of a name that somebody else chose, what can stand in a path and in a line of text. */
function pathPart(name: string): string {
  const last = name.toWellFormed().replace(/^.*[/\\]/s, '');
  const plain = last.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069:*?"<>|]/gu, '_').trim();
  // File systems take names of 255 bytes; the extension says most.
  const ending = /\.[a-z0-9]{1,10}$/i.exec(plain)?.[0] ?? '';
  const short = Buffer.byteLength(plain) <= 200 ? plain : `${[...plain].slice(0, 40).join('')}${ending}`;
  return /^\.*$/.test(short) ? 'file' : short;
}

import { isUtf8 } from 'node:buffer';
import { WorkspaceFileError } from './workspace-file-error.ts';

/** Longer than any path that the systems take. */
const mostPathLength = 16 * 1024;

/** What stands for a byte: `%FF`; and, with `25`s between, what stands for itself. */
const byteMark = /%((?:25)*)([89A-F][0-9A-F])/g;

/**
 * A file's name as text. Bytes that are not UTF-8 are told as `%FF`. Where a name has such a mark as plain text, it gets a
 * `25` behind its `%`, so that no two names have the same text. All other names are told as they are.
 */
export function nameOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return escapeName(bytes.toString('utf8'));
  let name = '';
  let plain = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      plain += bytes.toString('utf8', at, at + length);
      at += length;
      continue;
    }
    name += `${escapeName(plain)}%${bytes.toString('hex', at, at + 1).toUpperCase()}`;
    plain = '';
    at += 1;
  }
  return name + escapeName(plain);
}

/** As nameOf, for a name that is UTF-8. */
export function escapeName(name: string): string {
  return name.includes('%') ? name.replace(byteMark, '%25$1$2') : name;
}

/** The way back from nameOf; a plain text where it can be one. */
export function bytesOf(name: string): string | Buffer {
  if (!name.includes('%')) return name;
  let plain = true;
  const parts: Buffer[] = [];
  let end = 0;
  for (const match of name.matchAll(byteMark)) {
    const [mark, escapes = '', byte = ''] = match;
    parts.push(Buffer.from(name.slice(end, match.index)));
    if (escapes === '') plain = false;
    parts.push(escapes === '' ? Buffer.from(byte, 'hex') : Buffer.from(`%${escapes.slice(2)}${byte}`));
    end = match.index + mark.length;
  }
  parts.push(Buffer.from(name.slice(end)));
  const bytes = Buffer.concat(parts);
  return plain ? bytes.toString('utf8') : bytes;
}

/**
 * The names on the way to a file, from a path relative to the workspace with slashes; none for the workspace itself.
 * @throws WorkspaceFileError where it is absolute, leads upwards or cannot be a path.
 */
export function splitPath(path: string): string[] {
  const bad =
    path.length > mostPathLength || path.startsWith('/') || path.includes('\0') || !path.isWellFormed();
  const names = bad ? [] : path.split('/').filter((name) => name !== '' && name !== '.');
  if (bad || names.includes('..')) throw new WorkspaceFileError('not_found', 'There is no such file.');
  return names;
}

/** Absolute path of what lies below a root; bytes where it is no text. */
export function pathBelow(root: string, names: readonly string[]): string | Buffer {
  const decoded = names.map(bytesOf);
  if (decoded.every((name) => typeof name === 'string')) return [root, ...decoded].join('/');
  const parts = decoded.flatMap((name) => [Buffer.from('/'), Buffer.from(name)]);
  return Buffer.concat([Buffer.from(root), ...parts]);
}

/** Bytes of the character at a place; 0 where it is not UTF-8. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length ? length : 0;
}

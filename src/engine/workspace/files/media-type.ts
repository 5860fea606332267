import { isUtf8 } from 'node:buffer';
import mime from 'mime';

/** How much of a file is looked at. */
export const sniffedBytes = 64 * 1024;

/** Whether a file's beginning is text: UTF-8 without NUL. `whole`: it is all of the file. */
export function isText(start: Buffer, { whole }: { readonly whole: boolean }): boolean {
  if (start.includes(0)) return false;
  if (isUtf8(start)) return true;
  // The last character may be cut.
  return !whole && [1, 2, 3].some((cut) => isUtf8(start.subarray(0, start.length - cut)));
}

/** Types that no text has, whatever its name says: `.ts` is a video to the table, and `.rs` a service of its own. */
const notText = /^(audio|video|font)\/|^image\/(?!svg)|octet-stream$|rls-services/;

/** What `.ts` and `.rs` are to the table. */
const takenForOther = /^video\/mp2t$|rls-services/;

/** The media type by the file's name alone. */
export function mediaTypeOfName(name: string): string {
  const byName = mime.getType(name) ?? 'application/octet-stream';
  return takenForOther.test(byName) ? 'text/plain' : byName;
}

/** The media type by the file's name; by its content where the name says nothing, or something else than it is. */
export function mediaTypeOf(name: string, { text }: { readonly text: boolean }): string {
  const byName = mime.getType(name);
  if (byName === null) return text ? 'text/plain' : 'application/octet-stream';
  if (text) return notText.test(byName) ? 'text/plain' : byName;
  return byName.startsWith('text/') ? 'application/octet-stream' : byName;
}

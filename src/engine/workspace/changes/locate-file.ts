import { realpath } from 'node:fs/promises';
import nodePath from 'node:path';
import { escapeName } from '../files/path-names.ts';
import { isIgnoredPath } from '../ignored-names.ts';

/**
 * The path within the workspace of a file that a tool names, links resolved; the file need not exist. Undefined where it lies
 * outside, and where what changes is not told.
 */
export async function locateFile(
  root: string,
  named: string,
  hidden: RegExp | undefined,
): Promise<string | undefined> {
  const path = await locateInside(root, named, hidden);
  return path === undefined || isIgnoredPath(path) ? undefined : path;
}

/** As locateFile, also where what changes is not told. */
export async function locateInside(
  root: string,
  named: string,
  hidden: RegExp | undefined,
): Promise<string | undefined> {
  const real = await resolveLinks(nodePath.resolve(root, named));
  const relative = nodePath.relative(root, real);
  if (relative === '' || relative.split(nodePath.sep)[0] === '..' || nodePath.isAbsolute(relative))
    return undefined;
  const names = relative.split(nodePath.sep).map(escapeName);
  return hidden?.test(names[0] ?? '') ? undefined : names.join('/');
}

/** Of a path whose end does not exist, the part that does is resolved. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = nodePath.dirname(path);
    return folder === path ? path : nodePath.join(await resolveLinks(folder), nodePath.basename(path));
  }
}

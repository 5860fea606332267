import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LogFile } from './log-destination.ts';

/**
 * Keeps a link with a plain name at whichever file is written to, so that `tail -F combined.log` works; pino-roll's
 * own link has the same name for all files of a directory. Resolves once the link is there, or cannot be made: not
 * every system allows links, and the log is whole without them.
 */
export async function linkNewest(file: LogFile, link: string): Promise<void> {
  let linking = relink(file, link);
  // Each file that follows tells that it is open.
  file.on('ready', () => {
    linking = linking.then(() => relink(file, link));
  });
  await linking;
}

async function relink(file: LogFile, link: string): Promise<void> {
  const target = basename(currentPath(file));
  const draft = `${link}.${process.pid}.new`;
  try {
    await moveAside(link);
    await rm(draft, { force: true });
    await symlink(target, draft);
    // In one step: whoever follows the name always finds a file.
    await rename(draft, link);
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/** A real file of that name, from a server that did not rotate, is kept as `….old`. */
async function moveAside(link: string): Promise<void> {
  const stats = await lstat(link).catch(() => undefined);
  if (stats?.isFile()) await rename(link, `${link}.old`);
}

/** The stream has it, its types do not. */
function currentPath(file: LogFile): string {
  return 'file' in file && typeof file.file === 'string' ? file.file : '';
}

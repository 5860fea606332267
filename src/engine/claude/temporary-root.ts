import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitExcludes, gitExcludesFile } from './confine-agent.ts';
import { isAlive } from './end-processes.ts';

/** Makes the directory for the temporary files of this server's agents, which nobody else can look into; its real path. */
export async function makeTemporaryRoot(
  instance: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const root = await mkdtemp(path.join(await parentOf(variables), `${prefixOf(instance)}${process.pid}-`));
  await writeFile(path.join(root, gitExcludesFile), gitExcludes);
  return root;
}

/** Removes those that earlier servers of the same data directory left behind: they were killed. */
export async function removeLeftRoots(
  instance: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const parent = await parentOf(variables);
  const name = new RegExp(`^${prefixOf(instance)}(\\d+)-\\w+$`);
  for (const entry of await readdir(parent)) {
    const pid = name.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(path.join(parent, entry), { recursive: true, force: true }).catch(() => {});
  }
}

function parentOf(variables: Readonly<Record<string, string>>): Promise<string> {
  return realpath(variables['TMPDIR'] ?? tmpdir());
}

/** Short, as sockets lie in it. */
function prefixOf(instance: string): string {
  return `cca-${instance.slice(0, 6)}-`;
}

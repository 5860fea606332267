import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isAlive } from './end-processes.ts';

const notedPaths = z.array(z.string());

/**
 * Notes where the processes of this server keep copies of conversations for as long as they live, so that what a killed
 * server left there does not stay for ever.
 */
export class SessionNotes {
  readonly #directory: string;

  /** @param directory is made where it is missing; of the servers of one data directory. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Notes files and folders that are to be removed with their process. Returns what strikes them out. Throws nothing. */
  add(paths: readonly string[]): () => Promise<void> {
    const note = path.join(this.#directory, `${process.pid}-${randomUUID()}.json`);
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(note, JSON.stringify(paths), { mode: 0o600 });
    } catch {
      // A full disk is complained of by what has to write there.
    }
    return () => rm(note, { force: true }).catch(() => {});
  }

  /** Removes what servers left that are no more. To be called before this server notes anything itself. Throws nothing. */
  async removeLeft(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names) {
      const server = Number(/^(\d+)-/.exec(name)?.[1]);
      // In a container, each server has the number of the one before.
      if (server !== process.pid && isAlive(server)) continue;
      await removeNoted(path.join(this.#directory, name)).catch(() => {});
    }
  }
}

async function removeNoted(note: string): Promise<void> {
  const noted = notedPaths.safeParse(parse(await readFile(note, 'utf8')));
  for (const place of noted.data ?? []) await rm(place, { recursive: true, force: true });
  await rm(note, { force: true });
}

/** A server that was killed as it wrote the note leaves half of it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

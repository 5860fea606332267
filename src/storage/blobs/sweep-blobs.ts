import { randomUUID } from 'node:crypto';
import { link, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isCode } from './is-code.ts';

interface Sweep {
  readonly root: string;
  readonly draftDirectory: string;
  /** Which of these are referred to. */
  readonly referenced: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly graceMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** See `BlobStore.sweep`. */
export async function sweepBlobs(sweep: Sweep): Promise<number> {
  const oldest = sweep.now - sweep.graceMs;
  let removed = 0;
  for (const shard of await namesIn(sweep.root)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    const old = await olderThan(path.join(sweep.root, shard), oldest);
    if (old.length === 0) continue;
    const referenced = await sweep.referenced(old);
    for (const name of old) {
      if (!referenced.has(name) && (await remove(path.join(sweep.root, shard, name), sweep, oldest)))
        removed += 1;
    }
  }
  for (const name of await olderThan(sweep.draftDirectory, oldest)) {
    await rm(path.join(sweep.draftDirectory, name), { force: true });
  }
  return removed;
}

/** Moved aside first: one that somebody has taken up since, which shows in its time, can be put back. */
async function remove(place: string, { draftDirectory }: Sweep, oldest: number): Promise<boolean> {
  const aside = path.join(draftDirectory, randomUUID());
  try {
    await rename(place, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
  const wasTakenUp = (await stat(aside)).mtimeMs >= oldest;
  if (wasTakenUp) {
    await link(aside, place).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error;
    });
  }
  await rm(aside, { force: true });
  return !wasTakenUp;
}

async function olderThan(directory: string, oldest: number): Promise<string[]> {
  const old: string[] = [];
  for (const name of await namesIn(directory)) {
    const { mtimeMs } = (await stat(path.join(directory, name)).catch(() => undefined)) ?? {};
    if (mtimeMs !== undefined && mtimeMs < oldest) old.push(name);
  }
  return old;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

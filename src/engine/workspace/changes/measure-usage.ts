import { readdirSync } from 'node:fs';
import { directoryFlags, openFilesFolder } from '../files/open-inside.ts';
import { nameOf, pathBelow } from '../files/path-names.ts';
import { withOpen } from './read-content.ts';
import { statsOf } from './scan-directory.ts';
import type { Usage } from './scan-thread-messages.ts';

const blockBytes = 512;

/**
 * Counts all that lies in a workspace, ignored directories included; for a thread that may block. Links count by themselves;
 * what cannot be read is not counted.
 */
export function measureUsage(root: string, hidden: RegExp | undefined, maxFiles: number): Usage {
  let files = 0;
  let bytes = 0;
  const open: string[][] = [[]];
  for (let names = open.pop(); names !== undefined; names = open.pop()) {
    const place = pathBelow(root, names);
    for (const name of listNames(place)) {
      if (names.length === 0 && hidden?.test(name)) continue;
      const entry = [...names, name];
      const stats = statsOf(pathBelow(root, entry));
      if (stats === undefined) continue;
      if (stats.isDirectory()) open.push(entry);
      else files++;
      bytes += Number.isFinite(stats.blocks) ? stats.blocks * blockBytes : stats.size;
      if (files > maxFiles) return { files, bytes, truncated: true };
    }
  }
  return { files, bytes, truncated: false };
}

function listNames(place: string | Buffer): string[] {
  try {
    return withOpen(place, directoryFlags, (descriptor) =>
      readdirSync(openFilesFolder === undefined ? place : `${openFilesFolder}/${descriptor}`, {
        encoding: 'buffer',
      }).map(nameOf),
    );
  } catch {
    return [];
  }
}

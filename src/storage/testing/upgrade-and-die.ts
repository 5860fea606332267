import { openDatabase } from '../open-database.ts';
import type { OriginalUpgrade } from '../original/original-upgrade.ts';
import { upgradeOriginal } from '../original/upgrade-original.ts';

/** A process of its own: it opens the file of the first argument, and is killed where the second says. */
const [, , file = '', moment] = process.argv;

function reach(place: string): void {
  if (place === moment) process.kill(process.pid, 'SIGKILL');
}

const parts: OriginalUpgrade = {
  hashKey: (secret) => {
    reach('emptied');
    return secret.slice(3, 5);
  },
  renewPassword: async (hash) => ({ hash, mustChange: false }),
  completeRecord: (record) => ({ record }),
  chooseSettings: () => {
    reach('copied');
    return { settings: {}, remarks: [] };
  },
  tell: (line) => {
    if (line.includes('upgrading it')) reach('locked');
    if (line.startsWith('The upgrade is done')) reach('committed');
  },
};

await using _database = await openDatabase(file, { upgrade: upgradeOriginal(parts) });

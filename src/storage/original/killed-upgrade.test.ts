import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeOriginalDatabase,
  originalKey,
  originalLog,
  originalUser,
} from '../../../test/support/original-database.ts';
import { DatabaseKeyStore } from '../access/key-store.ts';
import { DatabaseUserStore } from '../access/user-store.ts';
import { openDatabase } from '../open-database.ts';
import { RecordStore } from '../records/record-store.ts';
import { identifyFile } from './identify-file.ts';
import { upgradeOriginal } from './upgrade-original.ts';

const dying = fileURLToPath(new URL('../testing/upgrade-and-die.ts', import.meta.url));
const requests = 300;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'claudecode-api-killed-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (file: string) =>
  openDatabase(file, {
    upgrade: upgradeOriginal({
      hashKey: () => 'hash',
      renewPassword: async (hash) => ({ hash, mustChange: false }),
      completeRecord: (record) => ({ record }),
      chooseSettings: () => ({ settings: {}, remarks: [] }),
      tell: () => {},
    }),
  });

function originOf(file: string): string {
  const database = new SqliteDatabase(file);
  try {
    return identifyFile(database);
  } finally {
    database.close();
  }
}

const finished = /^webui\.sqlite\.before-upgrade-\d{8}T\d{6}Z(-\d+)?$/;

test('a server that is killed in the middle of the upgrade loses nothing, and the next one does it all', async () => {
  const moments = ['locked', 'emptied', 'copied', 'committed'] as const;
  await Promise.all(
    moments.map(async (moment) => {
      const file = path.join(directory, moment, 'webui.sqlite');
      makeOriginalDatabase(file, {
        keys: [originalKey()],
        users: [originalUser('admin', 'correct horse')],
        logs: Array.from({ length: requests }, () => originalLog()),
      });
      const killed = promisify(execFile)(process.execPath, ['--import', 'tsx', dying, file, moment]);
      await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' });
      expect([moment, originOf(file)]).toEqual([moment, moment === 'committed' ? 'ours' : 'original']);

      await using database = await open(file);
      expect(await new DatabaseKeyStore(database).list()).toHaveLength(1);
      expect(await new DatabaseUserStore(database).list()).toHaveLength(1);
      expect(await new RecordStore(database).storedStatus()).toMatchObject({ storedRows: requests });
      const names = readdirSync(path.dirname(file)).filter((name) => name.includes('before-upgrade'));
      expect(names).toEqual([expect.stringMatching(finished)]);
      expect(readFileSync(file, 'latin1').includes('a'.repeat(16))).toBe(false);
    }),
  );
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { openDatabase } from '../../storage/index.ts';
import { createFileServices } from '../files/create-file-services.ts';
import type { FileServices } from '../files/file-services.ts';
import { MemoryWorkspaces } from './memory-workspaces.ts';

export interface OpenFileServices extends FileServices, AsyncDisposable {
  readonly workspaces: MemoryWorkspaces;
  readonly clock: { now: number };
  readonly log: Record<string, unknown>[];
  /** An uploaded file of Ann's; returns its id. */
  upload(content: string | Uint8Array, more?: { filename?: string; mediaType?: string }): Promise<string>;
  /** How many contents lie on the disk. */
  contents(): Promise<number>;
}

/** File services of their own, whose files may have 1,000 bytes. */
export async function openFileServices(): Promise<OpenFileServices> {
  const directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-files-'));
  const database = await openDatabase(path.join(directory, 'test.sqlite'));
  const workspaces = new MemoryWorkspaces();
  const clock = { now: Date.now() };
  const log: Record<string, unknown>[] = [];
  const services = createFileServices({
    database,
    dataDir: directory,
    secret: 'the secret of the tests',
    workspaces,
    maxBytes: () => 1000,
    logger: pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) }),
    now: () => clock.now,
  });
  const { blobs, files } = services;
  let uploads = 0;
  return {
    ...services,
    workspaces,
    clock,
    log,
    async upload(content, { filename = 'a.txt', mediaType = 'text/plain' } = {}) {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from(content);
      };
      await using draft = await blobs.receive(pieces(), { maxBytes: 1e9 });
      const { sha256, bytes } = draft;
      uploads += 1;
      const id = `file-${uploads}`;
      const named = { id, owner: 'ann', filename, purpose: 'user_data', mediaType };
      await blobs.keep([draft], () =>
        files.create({ ...named, sha256, bytes, createdAt: clock.now, expiresAt: null }),
      );
      return id;
    },
    async contents() {
      const entries = await readdir(path.join(directory, 'files'), { recursive: true });
      return entries.filter((entry) => /[0-9a-f]{64}$/.test(entry)).length;
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

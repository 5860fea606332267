import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { fileDestination } from './log-destination.ts';

describe('fileDestination', () => {
  const directory = mkdtempSync(join(tmpdir(), 'claudecode-api-log-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('reports a failing file once, goes on, and can be closed', async () => {
    // Opened for reading alone: each write fails.
    const path = join(directory, 'read-only.log');
    closeSync(openSync(path, 'w'));
    const file = pino.destination({ dest: openSync(path, 'r'), sync: false, minLength: 1 });
    const failures: Error[] = [];
    const destination = fileDestination(file, (error) => failures.push(error));
    for (const line of ['one\n', 'two\n', 'three\n']) {
      destination.write(line);
      await destination.flush();
    }
    await destination.close();
    await destination.close();
    destination.write('after the end\n');
    expect(failures.map((error) => error.message)).toEqual([expect.stringContaining('EBADF')]);
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SessionNotes } from './session-notes.ts';

let directory: string;
let notes: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'notes-'));
  notes = path.join(directory, 'notes');
});
afterEach(() => rmSync(directory, { recursive: true }));

function makeCopy(name: string): string {
  const copy = path.join(directory, name);
  mkdirSync(copy);
  writeFileSync(path.join(copy, 'session.jsonl'), 'said');
  return copy;
}

/** As if the note were of that server. */
function giveTo(server: number): void {
  const [name = ''] = readdirSync(notes);
  renameSync(path.join(notes, name), path.join(notes, name.replace(/^\d+/, String(server))));
}

test('what a server left that is no more is removed, with the note', async () => {
  const ended = spawn(process.execPath, ['--version']);
  await once(ended, 'exit');
  for (const server of [ended.pid ?? 0, process.pid]) {
    const copy = makeCopy(`copy of ${server}`);
    new SessionNotes(notes).add([copy, path.join(directory, 'never made')]);
    giveTo(server);
    await new SessionNotes(notes).removeLeft();
    expect(existsSync(copy)).toBe(false);
    expect(readdirSync(notes)).toEqual([]);
  }
});

test('what a server that runs has is left alone', async () => {
  const copy = makeCopy('copy');
  new SessionNotes(notes).add([copy]);
  giveTo(process.ppid);
  await new SessionNotes(notes).removeLeft();
  expect(existsSync(copy)).toBe(true);
});

test('what was struck out, half a note and other files harm nothing', async () => {
  const copy = makeCopy('copy');
  await new SessionNotes(notes).add([copy])();
  expect(readdirSync(notes)).toEqual([]);
  writeFileSync(path.join(notes, `${process.pid}-half.json`), '["/');
  writeFileSync(path.join(notes, 'other'), '');
  await new SessionNotes(notes).removeLeft();
  expect(existsSync(copy)).toBe(true);
  expect(readdirSync(notes)).toEqual([]);
  await new SessionNotes(path.join(directory, 'missing')).removeLeft();
});

test('a place that cannot be written to stops nobody', async () => {
  writeFileSync(notes, '');
  await expect(new SessionNotes(notes).add(['/nowhere'])()).resolves.toBeUndefined();
});

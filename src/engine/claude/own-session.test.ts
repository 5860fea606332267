import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OwnSession, ownSession } from './own-session.ts';

let directory: string;
let temporary: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'own-session-'));
  temporary = path.join(directory, `claude-${process.getuid?.() ?? 0}`, '-work-of-me');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function sessionOf(args: string[], env: Record<string, string> = {}): OwnSession {
  return ownSession({
    command: 'claude',
    args,
    cwd: '/work/of_me',
    env: { TMPDIR: directory, CLAUDE_CONFIG_DIR: path.join(directory, 'config'), ...env },
    signal: new AbortController().signal,
  });
}

test('a process of its own gets an id, one that resumes has it', () => {
  const [first, id] = sessionOf(['--verbose']).args;
  expect(first).toBe('--verbose');
  expect(id).toMatch(/^--session-id=[0-9a-f-]{36}$/);
  expect(sessionOf(['--verbose']).args[1]).not.toBe(id);
  expect(sessionOf(['--resume=abc', '--verbose']).args).toEqual(['--resume=abc', '--verbose']);
});

test('where it would store pictures lies a file, in a directory that is nobody else’s', async () => {
  sessionOf(['--resume=abc']);
  expect((await stat(path.join(temporary, 'abc', 'images'))).isFile()).toBe(true);
  if (process.platform !== 'win32') expect((await stat(temporary)).mode & 0o777).toBe(0o700);
});

test('the process is told the directory that was meant', () => {
  expect(sessionOf([]).variables).toEqual({ CLAUDE_CODE_TMPDIR: directory });
  const other = path.join(directory, 'other');
  expect(sessionOf([], { CLAUDE_CODE_TMPDIR: other }).variables).toEqual({ CLAUDE_CODE_TMPDIR: other });
});

test('a directory that cannot be had is Claude Code’s to complain of', async () => {
  await writeFile(path.join(directory, 'file'), '');
  expect(() => sessionOf([], { TMPDIR: path.join(directory, 'file') })).not.toThrow();
});

test('its copy of the conversation goes with it, what the agent keeps for later stays', async () => {
  const projects = path.join(directory, 'config', 'projects', '-work-of-me');
  await mkdir(projects, { recursive: true });
  for (const name of ['abc.jsonl', 'other.jsonl']) await writeFile(path.join(projects, name), '{}');
  const idle = sessionOf(['--resume=idle']);
  const busy = sessionOf(['--resume=abc']);
  await writeFile(path.join(temporary, 'abc', 'output'), 'of a command');
  await Promise.all([idle.forget(), busy.forget(), busy.forget()]);
  expect(await readdir(projects)).toEqual(['other.jsonl']);
  expect(await readdir(path.join(temporary, 'abc'))).toEqual(['output']);
  expect(existsSync(path.join(temporary, 'idle'))).toBe(false);
});

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { removePlaceholders } from './sandbox-placeholders.ts';

test('only what the sandbox left is removed', async () => {
  const workspace = mkdtempSync(path.join(tmpdir(), 'placeholders-'));
  const write = (name: string, content: string, mode: number): void => {
    writeFileSync(path.join(workspace, name), content);
    chmodSync(path.join(workspace, name), mode);
  };
  mkdirSync(path.join(workspace, '.claude'));
  mkdirSync(path.join(workspace, '.vscode'));
  write('.bashrc', '', 0o444);
  write('.claude/skills', '', 0o444);
  write('.gitmodules', '', 0o644);
  write('.mcp.json', '{}', 0o444);
  write('empty', '', 0o444);
  symlinkSync('empty', path.join(workspace, '.zshrc'));
  await removePlaceholders(workspace);
  const left = ['.claude', '.gitmodules', '.mcp.json', '.vscode', '.zshrc', 'empty'];
  expect(readdirSync(workspace).toSorted()).toEqual(left);
  expect(readdirSync(path.join(workspace, '.claude'))).toEqual([]);
  await removePlaceholders(path.join(workspace, 'missing'));
  rmSync(workspace, { recursive: true });
});

// Installs the clients of this package, unless just these are there already: they are large.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const { dirname } = import.meta;
const lock = readFileSync(path.join(dirname, 'package-lock.json'), 'utf8');
const installed = path.join(dirname, 'node_modules', '.installed-package-lock.json');

if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  // Not `npm ci`: it refuses a lock without the builds for other systems, which not every registry has.
  const { status } = spawnSync('npm', ['install', '--no-save'], {
    cwd: dirname,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(installed, lock);
}

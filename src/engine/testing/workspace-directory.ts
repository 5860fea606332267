import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A temporary directory for a test, with a workspace in it and something beside it that must not be reached. */
export class WorkspaceDirectory implements Disposable {
  readonly #top = realpathSync(mkdtempSync(path.join(tmpdir(), 'workspace-test-')));
  readonly root = path.join(this.#top, 'workspace');
  readonly outside = path.join(this.#top, 'outside');

  constructor(files: Readonly<Record<string, string | Buffer>> = {}) {
    mkdirSync(this.root);
    mkdirSync(this.outside);
    writeFileSync(path.join(this.outside, 'secret.txt'), 'secret');
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(name: string, content: string | Buffer): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  link(name: string, target: string): void {
    symlinkSync(target, path.join(this.root, name));
  }

  fifo(name: string): void {
    this.shell(`mkfifo '${name}'`);
  }

  async socket(name: string): Promise<AsyncDisposable> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path.join(this.root, name), resolve));
    return server;
  }

  /** Directories in directories, so many levels, with a file in the last. */
  nest(name: string, levels: number): void {
    const script = `
      const { mkdirSync, writeFileSync } = require('node:fs');
      for (let level = 0; level < ${levels}; level++) {
        mkdirSync('${name}');
        process.chdir('${name}');
      }
      writeFileSync('bottom', '');`;
    execFileSync(process.execPath, ['-e', script], { cwd: this.root });
  }

  /** Runs a shell command in the workspace. */
  shell(command: string): void {
    execFileSync('bash', ['-c', command], { cwd: this.root });
  }

  /** Another process puts a link to the outside in the place of a directory and back, over and over, until it is disposed of. */
  swapForLink(name: string): Disposable {
    const script = `
      const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
      for (;;) {
        renameSync('${name}', '${name}.kept');
        symlinkSync(${JSON.stringify(this.outside)}, '${name}');
        unlinkSync('${name}');
        renameSync('${name}.kept', '${name}');
      }`;
    const child = spawn(process.execPath, ['-e', script], { cwd: this.root, stdio: 'ignore' });
    return {
      [Symbol.dispose]: () => {
        child.kill('SIGKILL');
      },
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.#top, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

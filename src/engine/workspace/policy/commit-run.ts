import { execFile } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPlaceholders } from '../../claude/sandbox-placeholders.ts';
import { ignoredNames } from '../ignored-names.ts';

const run = promisify(execFile);

export interface RunHistoryOptions {
  /** Absolute, without links: the work tree. */
  readonly root: string;
  /** Absolute; in the server's own data, where no agent comes. Made on demand. */
  readonly gitDir: string;
  /** Patterns, as of `.gitignore`, of what is at the top of the workspace and not of it. */
  readonly hidden?: readonly string[];
  /** Where to find git; nothing else of the environment is passed on. */
  readonly searchPath: string;
}

const patience = 60_000;

/** Nothing that git could run by itself; there is no hook, filter or program in our configuration to begin with. */
const settings = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'core.safecrlf=false',
  'advice.addEmbeddedRepo=false',
  'diff.ignoreSubmodules=all',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/**
 * The history of a workspace, with a commit for each run that changed it. The repository lies in the server's data and not in the
 * workspace: the agent writes there, and by the configuration of a repository whoever writes it can have commands run,
 * and other directories read, by those who use it. So a repository of the agent's own stays as it is, too. Read it with
 * `git --git-dir=… log`.
 */
export class RunHistory {
  readonly #options: RunHistoryOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunHistoryOptions) {
    this.#options = options;
  }

  /**
   * Commits how the workspace stands now, one commit at a time; `message` is the whole of its message.
   * @returns the commit's id; undefined where nothing changed since the last
   * @throws where git fails or takes longer than a minute; the next commit then has the changes of both runs
   */
  commit(message: string): Promise<string | undefined> {
    const commit = this.#last.then(() => this.#commit(message));
    this.#last = commit.catch(() => {});
    return commit;
  }

  async #commit(message: string): Promise<string | undefined> {
    await this.#prepare();
    // Another run's command may be under way.
    const placeholders = await findPlaceholders(this.#options.root);
    const but = placeholders.map((name) => `:(exclude,literal)${name}`);
    await this.#git('add', '--all', '--ignore-errors', '--', '.', ...but).catch(passUnreadable);
    const tree = await this.#git('write-tree');
    const parent = await this.#git('rev-parse', '--verify', '--quiet', 'HEAD').catch(() => undefined);
    if (parent !== undefined && tree === (await this.#git('rev-parse', `${parent}^{tree}`))) return undefined;
    const from = parent === undefined ? [] : ['-p', parent];
    const commit = await this.#git('commit-tree', tree, ...from, '-m', message);
    await this.#git('update-ref', 'HEAD', commit);
    return commit;
  }

  async #prepare(): Promise<void> {
    const { gitDir, hidden = [] } = this.#options;
    // Nobody else writes here: a lock is what a commit left that was broken off.
    await rm(path.join(gitDir, 'index.lock'), { force: true });
    if (await stat(path.join(gitDir, 'HEAD')).catch(() => undefined)) return;
    await mkdir(path.dirname(gitDir), { recursive: true });
    await this.#git('init', '--quiet', '--template=', '--initial-branch=main');
    await mkdir(path.join(gitDir, 'info'), { recursive: true });
    const excluded = [...[...ignoredNames].map((name) => `${name}/`), ...hidden.map((name) => `/${name}`)];
    await writeFile(path.join(gitDir, 'info', 'exclude'), `${excluded.join('\n')}\n`);
  }

  async #git(...args: string[]): Promise<string> {
    const { root, gitDir, searchPath } = this.#options;
    const { stdout } = await run('git', [...settings, ...args], {
      cwd: root,
      timeout: patience,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
      env: {
        PATH: searchPath,
        HOME: gitDir,
        LC_ALL: 'C',
        GIT_DIR: gitDir,
        GIT_WORK_TREE: root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_ATTR_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        ...identity('AUTHOR'),
        ...identity('COMMITTER'),
      },
    });
    return stdout.trim();
  }
}

function identity(role: 'AUTHOR' | 'COMMITTER'): Record<string, string> {
  return { [`GIT_${role}_NAME`]: 'claudecode-api', [`GIT_${role}_EMAIL`]: 'claudecode-api@localhost' };
}

/** Files that cannot be read are left out; that is all that `--ignore-errors` reports by its exit status 1. */
function passUnreadable(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 1) return;
  throw error;
}

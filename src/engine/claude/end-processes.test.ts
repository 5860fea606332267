import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { endMarkedProcesses, instanceOf, processMark, reapOrphans } from './end-processes.ts';

const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
});

async function start(
  [command, ...args]: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child, 'spawn');
  return child;
}

const sleep = ['sleep', '120'] as const;

/** The mark of a process that another server, of the given pid, has spawned. */
function markOf(server: number, instance: string): Record<string, string> {
  return { ...processMark(instance).variables, CLAUDECODE_API_SERVER: String(server) };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('not started');
  return pid;
}

/** The pid of a process that is gone. */
async function deadPid(): Promise<number> {
  const child = await start(['true']);
  if (child.exitCode === null) await once(child, 'exit');
  return pidOf(child);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('what a dead server left behind is ended', async () => {
    const instance = randomUUID();
    const orphan = await start(sleep, markOf(await deadPid(), instance));
    const exit = once(orphan, 'exit');
    expect(await reapOrphans(instance)).toBe(1);
    expect((await exit)[1]).toBe('SIGKILL');
    expect(await reapOrphans(instance)).toBe(0);
  });

  test('processes of a server that still runs are left alone', async () => {
    const instance = randomUUID();
    const server = await start(sleep);
    const child = await start(sleep, markOf(pidOf(server), instance));
    expect(await reapOrphans(instance)).toBe(0);
    expect(isRunning(pidOf(child))).toBe(true);
  });

  test('our own processes are left alone', async () => {
    const instance = randomUUID();
    const child = await start(sleep, processMark(instance).variables);
    expect(await reapOrphans(instance)).toBe(0);
    expect(isRunning(pidOf(child))).toBe(true);
  });

  test('what belongs to another data directory is left alone', async () => {
    const child = await start(sleep, markOf(await deadPid(), randomUUID()));
    expect(await reapOrphans(randomUUID())).toBe(0);
    expect(isRunning(pidOf(child))).toBe(true);
  });

  test('all that a process started ends with its mark, in whatever session it runs, and nothing else', async () => {
    const instance = randomUUID();
    const mark = processMark(instance);
    const parent = await start(['sh', '-c', 'setsid sleep 120 >/dev/null & echo $!; wait'], mark.variables);
    const other = await start(sleep, processMark(instance).variables);
    const { stdout } = parent;
    if (stdout === null) throw new Error('no output');
    const [printed] = (await once(stdout, 'data')) as [Buffer];
    const grandchild = Number(printed.toString());
    const exit = once(parent, 'exit');
    expect(await endMarkedProcesses((variables) => variables.includes(mark.own))).toBe(2);
    await exit;
    await expect.poll(() => isRunningProcess(grandchild)).toBe(false);
    expect(isRunning(pidOf(other))).toBe(true);
  });
});

/** False also for one that is dead and only waits to be collected. */
async function isRunningProcess(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

test('servers of one data directory share an instance, others do not', () => {
  expect(instanceOf('/data/a')).toBe(instanceOf('/data/a'));
  expect(instanceOf('/data/a')).not.toBe(instanceOf('/data/b'));
});

test('each process has a mark of its own', () => {
  expect(processMark('i').own).not.toBe(processMark('i').own);
});

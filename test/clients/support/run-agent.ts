import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { startRefusingProxy } from './refusing-proxy.ts';

/** Where an agent lives while it is tested. */
export interface AgentPlace {
  readonly home: string;
  /** Its working directory. */
  readonly work: string;
  /** For its temporary files. */
  readonly scratch: string;
}

export interface AgentCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface AgentRun {
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  /** SIGKILL: it took too long. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Where it tried to go besides loopback. */
  readonly strayed: readonly string[];
}

export interface RunningAgent {
  readonly ended: Promise<AgentRun>;
  /** What Ctrl+C does. */
  interrupt(): void;
}

export async function makePlace(directory: string): Promise<AgentPlace> {
  const [home, work, scratch] = ['home', 'work', 'scratch'].map((name) => path.join(directory, name));
  if (home === undefined || work === undefined || scratch === undefined) throw new Error('no place');
  const place = { home, work, scratch };
  for (const made of Object.values(place)) await mkdir(made, { recursive: true });
  return place;
}

/** A file of a package that is installed for these tests. */
export function fileOf(packageName: string, file: string): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), file);
}

/** Starts a command line with an own home and nobody to talk to but loopback; after `timeoutMs` it is ended. */
export async function startAgent(
  { program, args, env }: AgentCommand,
  { home, work, scratch }: AgentPlace,
  timeoutMs: number,
): Promise<RunningAgent> {
  const proxy = await startRefusingProxy();
  const child = spawn(program, args, {
    cwd: work,
    // A group of its own: the launcher may hold the real program as a child.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: scratch, ...env, ...proxy.variables },
  });
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), timeoutMs);
  const end = async (): Promise<AgentRun> => {
    try {
      const [[exitCode, signal], stdout, stderr] = await Promise.all([
        once(child, 'exit', { signal: AbortSignal.timeout(timeoutMs + 5_000) }).finally(() =>
          signalGroup(child.pid, 'SIGKILL'),
        ),
        text(child.stdout),
        text(child.stderr),
      ]);
      return { exitCode, signal, stdout, stderr, strayed: proxy.strayed };
    } finally {
      clearTimeout(timer);
      proxy[Symbol.dispose]();
    }
  };
  return { ended: end(), interrupt: () => signalGroup(child.pid, 'SIGINT') };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

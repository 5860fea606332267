import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiledServer } from './compiled-server.ts';
import { testEnvironment } from './start-app.ts';
import type { Upstream } from './upstream.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly baseUrl: string;
  /** What it has written so far. */
  output(): string;
  /** Ends it with the signal; resolves to its exit code (null when a signal ended it). */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** The server as a process of its own, as `npm start` runs it. */
export async function startServer(options: {
  readonly upstream: Upstream;
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<ServerProcess> {
  const entry = await compiledServer();
  const child = spawn(process.execPath, [entry], {
    cwd: root,
    env: {
      ...testEnvironment(options.directory, options.upstream),
      LOG_LEVEL: 'info',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const origin = await ready(child, () => output);
  return {
    child,
    origin,
    baseUrl: `${origin}/v1`,
    output: () => output,
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      // Not 'exit': by then its last words need not have arrived.
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}

/** Pids of the processes that carry this text in their environment (Linux). */
export function processesWith(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(marker);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The program and its arguments, each ended by a zero byte; empty if it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The process that started this one; undefined if either is gone. */
export function parentOf(pid: number): number | undefined {
  try {
    // The name, in brackets, may hold anything; the state and the parent follow it.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** Ends each of them, unless it has gone meanwhile. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** Resolves to its origin, as it says itself, once it is ready. */
async function ready(child: ChildProcess, output: () => string): Promise<string> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (child.exitCode !== null) throw new Error(`The server ended at once:\n${output()}`);
    const origin = /"url":"(http:[^"]+)\/v1"/.exec(output())?.[1];
    const response =
      origin === undefined ? undefined : await fetch(`${origin}/health/ready`).catch(() => undefined);
    if (origin !== undefined && response?.ok) return origin;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The server did not become ready:\n${output()}`);
}

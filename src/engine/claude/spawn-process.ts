import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import { endMarkedProcesses, processMark } from './end-processes.ts';
import { ownSession } from './own-session.ts';
import type { SessionNotes } from './session-notes.ts';

type PipedProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** A Claude Code process that we spawned and therefore end. */
export interface OwnedProcess {
  readonly child: PipedProcess;
  /** The arguments that were asked for, to prove that a spare fits. */
  readonly args: readonly string[];
  /** The last of what it wrote to stderr, for error messages. */
  stderrTail(): string;
  readonly exited: Promise<void>;
  /**
   * Ends it and everything that it started; resolves when they are gone. Safe to call again. `atOnce` gives it no time
   * to tidy up, and so none to ask upstream for more.
   */
  end(options?: { readonly atOnce?: boolean }): Promise<void>;
}

const stderrLimit = 4_000;
const graceMilliseconds = 2_000;

/**
 * Spawns Claude Code as the SDK asked for it, in a process group of its own and with a mark in its environment
 * that its children inherit: so all of them can be found and ended, even by a later server.
 */
export function spawnProcess(options: SpawnOptions, instance: string, notes?: SessionNotes): OwnedProcess {
  const mark = processMark(instance);
  const session = ownSession(options, notes);
  const child = spawn(options.command, [...session.args], {
    cwd: options.cwd,
    env: { ...options.env, ...session.variables, ...mark.variables },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit);
  });
  // A write to a process that has just ended is reported by its exit, not by an unhandled error.
  child.stdin.on('error', () => {});
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMilliseconds);
    await exited;
    clearTimeout(timer);
    await endMarkedProcesses((variables) => variables.includes(mark.own));
    await session.forget();
  };
  const endOnce = (): Promise<void> => {
    ending ??= end();
    return ending;
  };
  // One that died by itself leaves its helpers and commands behind.
  void exited.then(endOnce).catch(() => {});
  return {
    child,
    args: options.args,
    stderrTail: () => stderr.trim(),
    exited,
    end: ({ atOnce = false } = {}) => {
      if (atOnce) signalGroup(child, 'SIGKILL');
      return endOnce();
    },
  };
}

function signalGroup(child: PipedProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // It is gone already.
  }
}

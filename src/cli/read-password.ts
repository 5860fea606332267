import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

/** A password, and whether it was made up here and so has to be shown. */
export interface ChosenPassword {
  readonly password: string;
  readonly generated: boolean;
}

/** From standard input where that is asked for, or typed unseen; an empty line, or no terminal, makes one up. */
export async function readPassword(
  { fromStdin }: { readonly fromStdin: boolean },
  terminal: Terminal,
): Promise<ChosenPassword> {
  if (fromStdin) return { password: await firstLine(terminal.stdin), generated: false };
  const typed = terminal.stdin.isTTY ? await typeUnseen(terminal) : '';
  return typed === ''
    ? { password: randomBytes(12).toString('base64url'), generated: true }
    : { password: typed, generated: false };
}

async function firstLine(stdin: NodeJS.ReadStream): Promise<string> {
  for await (const line of createInterface({ input: stdin })) return line;
  throw new CliError('No password came on standard input.', 2);
}

async function typeUnseen({ stdin, stdout }: Terminal): Promise<string> {
  stdout.write('New password (empty: one is made up): ');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    stdout.write('\n');
  }
}

import { Command, CommanderError } from 'commander';
import { AccessError } from '../access/index.ts';
import { openAdministration, version } from '../app/index.ts';
import { ConfigError } from '../config/index.ts';
import { StorageError } from '../storage/index.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addKeysCommand } from './keys-command.ts';
import { readStart, type StartFlags } from './read-start.ts';
import { describe, serve } from './serve.ts';
import type { Terminal } from './terminal.ts';
import { addUsersCommand } from './users-command.ts';

/** Runs the command that the arguments name; without one, the server. Resolves to the exit code; undefined: it runs on. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number | undefined> {
  let serving = false;
  const program = buildProgram(terminal, () => {
    serving = true;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return serving ? undefined : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.stderr.write(`${isPlain(error) ? error.message : describe(error)}\n`);
    return error instanceof CliError ? error.exitCode : 1;
  }
}

function buildProgram(terminal: Terminal, onServe: () => void): Command {
  const program = new Command('claudecode-api')
    .description('An OpenAI-compatible API server whose model is Claude Code')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .option('-p, --port <number>', 'port to listen on (PORT, default 3000; 0 takes a free one)')
    .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1)')
    .option('--env-file <path>', 'file of environment variables to read (default .env, where there is one)')
    .addHelpText('after', '\nEverything else is set by environment variables; .env.example lists them.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .showHelpAfterError('Try --help.');
  const start = () => readStart(program.opts<StartFlags>(), terminal);
  const context: CommandContext = {
    terminal,
    start,
    administer: async (work) => {
      await using services = await openAdministration(start(), context.note);
      await work(services);
    },
    print: (text) => terminal.stdout.write(text),
    note: (text) => terminal.stderr.write(`${text}\n`),
  };
  program
    .command('serve', { isDefault: true })
    .description('start the server; what happens without a command')
    .argument('[words...]')
    .action(async ([word]: string[]) => {
      if (word !== undefined) throw new CliError(`There is no command ${word}. Try --help.`, 2);
      onServe();
      await serve(start());
    });
  addKeysCommand(program, context);
  addUsersCommand(program, context);
  addDoctorCommand(program, context);
  return program;
}

function isPlain(error: unknown): error is Error {
  return [CliError, ConfigError, StorageError, AccessError].some((kind) => error instanceof kind);
}

import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { ConfigError, version } from '../config/index.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import { describeError } from './describe-error.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addKeysCommand } from './keys-command.ts';
import { readStart, type StartFlags } from './read-start.ts';
import type { Terminal } from './terminal.ts';
import { addUsersCommand } from './users-command.ts';

/** Its whole path: whoever runs this by npx has not seen the package. */
const example = fileURLToPath(new URL('../../.env.example', import.meta.url));

/**
 * Runs the command that the arguments name; without one, the server. Resolves to the exit code; undefined: it runs on.
 * The server takes a second to load: each command loads what it needs of it, and help needs nothing.
 */
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
    terminal.stderr.write(`${await tell(error)}\n`);
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
    .addHelpText('after', `\nEverything else is set by environment variables. They are listed in\n${example}`)
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
      const { openAdministration } = await import('../app/index.ts');
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
      const { serve } = await import('./serve.ts');
      await serve(start());
    });
  addKeysCommand(program, context);
  addUsersCommand(program, context);
  addDoctorCommand(program, context);
  return program;
}

/** Without its stack where whoever reads it can mend it. */
async function tell(error: unknown): Promise<string> {
  if (error instanceof CliError || error instanceof ConfigError) return error.message;
  const { AccessError } = await import('../access/index.ts');
  const { StorageError } = await import('../storage/index.ts');
  const isPlain = error instanceof AccessError || error instanceof StorageError;
  return isPlain ? error.message : describeError(error);
}

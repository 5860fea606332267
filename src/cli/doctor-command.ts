import type { Command } from 'commander';
import type { Check } from '../contract/index.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';

const marks: Readonly<Record<Check['status'], string>> = { ok: 'ok  ', warning: 'WARN', failed: 'FAIL' };

/** `doctor`: exits with 1 where something failed. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('check credentials, sandbox, database, address, disk and exposure; runs no model')
    .option('--json', 'print JSON')
    .action(async (flags: { readonly json?: boolean }) => {
      const { examine } = await import('../app/index.ts');
      const checks = await examine(context.start());
      context.print(flags.json ? `${JSON.stringify(checks, null, 2)}\n` : describeChecks(checks));
      const failed = checks.filter(({ status }) => status === 'failed').length;
      if (failed > 0) throw new CliError(failed === 1 ? '1 check failed.' : `${failed} checks failed.`);
    });
}

function describeChecks(checks: readonly Check[]): string {
  return checks
    .map(({ name, status, message, hint }) => {
      const line = `${marks[status]}  ${name}: ${message}\n`;
      return hint === null ? line : `${line}      ${hint}\n`;
    })
    .join('');
}

import { type Command, Option } from 'commander';
import type { Administration } from '../app/index.ts';
import { newPassword, type Role, username } from '../contract/index.ts';
import { CliError } from './cli-error.ts';
import { type CommandContext, commandLine } from './command-context.ts';
import { type ChosenPassword, readPassword } from './read-password.ts';
import { formatTable } from './write-table.ts';

interface PasswordFlags {
  readonly passwordStdin?: boolean;
}

/** `users add`, `users list`, `users reset-password`, `users reset-two-factor`. */
export function addUsersCommand(program: Command, context: CommandContext): void {
  const users = program
    .command('users')
    .description('add users of the console, list them, reset their passwords and two-factor sign-in');
  const fromStdin = (): Option =>
    new Option('--password-stdin', 'read the password from standard input; else it is asked for, or made up');
  users
    .command('add')
    .description('add a user, who has to change the password at the first sign-in')
    .argument('<name>', 'the name to sign in with')
    .addOption(
      new Option('--role <role>', 'what the user may do').choices(['admin', 'viewer']).default('viewer'),
    )
    .addOption(fromStdin())
    .action((name: string, flags: PasswordFlags & { readonly role: Role }) =>
      context.administer(async (services) => {
        if (!username.safeParse(name).success)
          throw new CliError('A user name is of letters, digits and . _ @ + -, at most 64.', 2);
        const chosen = await choosePassword(flags, context);
        const user = await services.users.create(
          { username: name, password: chosen.password, role: flags.role },
          commandLine,
        );
        tellPassword(`Added ${user.username} (${user.role}).`, chosen, context);
      }),
    );
  users
    .command('list')
    .description('list the users of the console')
    .action(() =>
      context.administer(async (services) => {
        const rows = (await services.users.list()).map((user) => [
          user.username,
          user.role,
          user.active ? 'active' : 'disabled',
          user.twoFactor ? 'on' : 'off',
          user.mustChangePassword ? 'has to change the password' : '',
        ]);
        context.print(formatTable(['NAME', 'ROLE', 'STATE', 'TWO-FACTOR', ''], rows));
      }),
    );
  users
    .command('reset-password')
    .description('give a user a new password, to be changed at the next sign-in; open sessions end')
    .argument('<name>', 'the name to sign in with')
    .addOption(fromStdin())
    .action((name: string, flags: PasswordFlags) =>
      context.administer(async (services) => {
        const user = await findUser(name, services);
        const chosen = await choosePassword(flags, context);
        await services.users.resetPassword(user.id, chosen.password, commandLine);
        tellPassword(`${user.username} has a new password.`, chosen, context);
      }),
    );
  users
    .command('reset-two-factor')
    .description('take two-factor sign-in off a user who has lost the app and all codes; open sessions end')
    .argument('<name>', 'the name to sign in with')
    .action((name: string) =>
      context.administer(async (services) => {
        const { id, username: shown } = await findUser(name, services);
        await services.users.resetTwoFactor(id, commandLine);
        context.note(`${shown} signs in with the password alone.`);
      }),
    );
}

async function findUser(name: string, { users }: Administration): Promise<{ id: string; username: string }> {
  const found = (await users.list()).find((user) => user.username.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new CliError(`There is no user ${name}. See: claudecode-api users list`);
  return found;
}

async function choosePassword(flags: PasswordFlags, { terminal }: CommandContext): Promise<ChosenPassword> {
  const chosen = await readPassword({ fromStdin: flags.passwordStdin ?? false }, terminal);
  const checked = newPassword.safeParse(chosen.password);
  if (!checked.success) throw new CliError(`The password: ${checked.error.issues[0]?.message}`, 2);
  return chosen;
}

function tellPassword(done: string, { password, generated }: ChosenPassword, context: CommandContext): void {
  if (generated) context.print(`${password}\n`);
  context.note(generated ? `${done} This is the only time that the password is shown.` : done);
}

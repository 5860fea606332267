import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Administration } from '../app/index.ts';
import {
  type ApiKeyWithUsage,
  type KeyLimits,
  type KeyPermissions,
  keyPermissions,
  type NewKey,
  newKey,
} from '../contract/index.ts';
import { CliError } from './cli-error.ts';
import { type CommandContext, commandLine } from './command-context.ts';
import { formatTable } from './write-table.ts';

interface CreateFlags {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly expires?: number;
  readonly rpm?: number;
  readonly concurrent?: number;
  readonly tokensPerDay?: number;
  readonly tokensPerMonth?: number;
  readonly budgetPerDay?: number;
  readonly budgetPerMonth?: number;
  readonly softBudgetPerDay?: number;
  readonly softBudgetPerMonth?: number;
  readonly tag?: string[];
  readonly models?: string[];
  readonly profiles?: string[];
  readonly tools?: string[];
  readonly permissionMode?: string;
  readonly workspace?: KeyPermissions['workspace'];
  readonly defaultProfile?: string;
  readonly json?: boolean;
}

/** `keys create`, `keys list`, `keys revoke`. */
export function addKeysCommand(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('make, list and revoke API keys');
  keys
    .command('create')
    .description('make an API key; its secret is printed once and kept nowhere')
    .requiredOption('--name <name>', 'what it is called')
    .option('--description <text>', 'what it is for')
    .option('--owner <who>', 'the person or project that it belongs to')
    .option('--tag <tag>', 'for reports and for finding it again; may be given several times', oneMore)
    .option('--expires <when>', 'a date such as 2027-01-31, or a number of days such as 90d', expiry)
    .option('--rpm <number>', 'most requests per minute', amount)
    .option('--concurrent <number>', 'most runs at once', amount)
    .option('--tokens-per-day <number>', 'most tokens per day', amount)
    .option('--tokens-per-month <number>', 'most tokens per month', amount)
    .option('--budget-per-day <usd>', 'most US dollars per day', amount)
    .option('--budget-per-month <usd>', 'most US dollars per month', amount)
    .option(
      '--soft-budget-per-day <usd>',
      'US dollars per day of which the console and the webhook tell',
      amount,
    )
    .option('--soft-budget-per-month <usd>', 'the same per month', amount)
    .option(
      '--models <names>',
      'models that it may use, comma-separated; a trailing * matches any ending',
      list,
    )
    .option('--profiles <names>', 'profiles that it may use, comma-separated', list)
    .option('--tools <names>', 'built-in tools that its agent may use, comma-separated', list)
    .addOption(
      new Option('--permission-mode <mode>', 'what its agent may do unasked').choices([
        'bypassPermissions',
        'acceptEdits',
        'plan',
        'dontAsk',
        'default',
      ]),
    )
    .option(
      '--workspace <scope>',
      'where its agent works: own, shared, conversation, none, or directory:<name>',
      workspaceScope,
    )
    .option('--default-profile <name>', 'profile of requests that name none')
    .option('--json', 'print JSON')
    .action((flags: CreateFlags) => context.administer((services) => create(flags, services, context)));
  keys
    .command('list')
    .description('list the API keys and what they have used')
    .option('--json', 'print JSON')
    .action((flags: { readonly json?: boolean }) =>
      context.administer(async ({ keys: administration }) => {
        const all = await administration.list();
        context.print(flags.json ? `${JSON.stringify(all, null, 2)}\n` : describeKeys(all));
      }),
    );
  keys
    .command('revoke')
    .description('revoke an API key for ever')
    .argument('<key>', 'its id, its name, or the beginning of its secret as it is listed')
    .action((wanted: string) => context.administer((services) => revoke(wanted, services, context)));
}

async function create(flags: CreateFlags, { keys }: Administration, context: CommandContext): Promise<void> {
  const { key, secret } = await keys.create(toNewKey(flags), commandLine);
  if (flags.json) context.print(`${JSON.stringify({ key, secret }, null, 2)}\n`);
  else context.print(`${secret}\n`);
  context.note(`Made ${key.name} (${key.id}). This is the only time that its secret is shown.`);
}

async function revoke(wanted: string, { keys }: Administration, context: CommandContext): Promise<void> {
  const found = (await keys.list()).filter(
    ({ id, name, prefix }) => id === wanted || name === wanted || prefix === wanted,
  );
  const [key] = found;
  if (key === undefined) throw new CliError(`There is no API key ${wanted}. See: claudecode-api keys list`);
  if (found.length > 1)
    throw new CliError(
      `Several API keys are called ${wanted}. Name one by its id: ${found.map(({ id }) => id).join(', ')}`,
    );
  await keys.remove(key.id, commandLine);
  context.note(`Revoked ${key.name} (${key.id}).`);
}

function toNewKey(flags: CreateFlags): NewKey {
  const parsed = newKey.safeParse({
    name: flags.name,
    ...(flags.description !== undefined && { description: flags.description }),
    ...(flags.owner !== undefined && { owner: flags.owner }),
    ...(flags.tag && { tags: flags.tag }),
    ...(flags.expires !== undefined && { expiresAt: flags.expires }),
    limits: toLimits(flags),
    permissions: {
      ...(flags.models && { models: flags.models }),
      ...(flags.profiles && { profiles: flags.profiles }),
      ...(flags.tools && { builtInTools: flags.tools }),
      ...(flags.permissionMode !== undefined && { permissionMode: flags.permissionMode }),
      ...(flags.workspace !== undefined && { workspace: flags.workspace }),
      ...(flags.defaultProfile !== undefined && { defaultProfile: flags.defaultProfile }),
    },
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CliError(`${issue?.path.join('.')}: ${issue?.message}`, 2);
}

function workspaceScope(text: string): KeyPermissions['workspace'] {
  const parsed = keyPermissions.shape.workspace.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('Use own, shared, conversation, none or directory:<name>.');
}

function toLimits(flags: CreateFlags): Partial<KeyLimits> {
  return {
    ...(flags.rpm !== undefined && { requestsPerMinute: flags.rpm }),
    ...(flags.concurrent !== undefined && { concurrentRuns: flags.concurrent }),
    ...(flags.tokensPerDay !== undefined && { tokensPerDay: flags.tokensPerDay }),
    ...(flags.tokensPerMonth !== undefined && { tokensPerMonth: flags.tokensPerMonth }),
    ...(flags.budgetPerDay !== undefined && { budgetUsdPerDay: flags.budgetPerDay }),
    ...(flags.budgetPerMonth !== undefined && { budgetUsdPerMonth: flags.budgetPerMonth }),
    ...(flags.softBudgetPerDay !== undefined && { softBudgetUsdPerDay: flags.softBudgetPerDay }),
    ...(flags.softBudgetPerMonth !== undefined && { softBudgetUsdPerMonth: flags.softBudgetPerMonth }),
  };
}

function describeKeys(keys: readonly ApiKeyWithUsage[]): string {
  if (keys.length === 0)
    return 'There are no API keys. Make one: claudecode-api keys create --name "my key"\n';
  const rows = keys.map(({ id, name, prefix, state, owner, tags, expiresAt, lastUsedAt, usage }) => [
    id,
    name,
    `${prefix}…`,
    state,
    owner,
    tags.join(', '),
    day(expiresAt),
    day(lastUsedAt),
    String(usage.requestsThisMonth),
    `$${usage.costUsdThisMonth.toFixed(2)}`,
  ]);
  const headings = [
    'ID',
    'NAME',
    'KEY',
    'STATE',
    'OWNER',
    'TAGS',
    'EXPIRES',
    'LAST USED',
    'REQUESTS',
    'COST',
  ];
  return `${formatTable(headings, rows)}Requests and cost are those of this month (UTC).\n`;
}

function day(time: number | null): string {
  return time === null ? '-' : new Date(time).toISOString().slice(0, 10);
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It has to be a number.');
  return value;
}

function oneMore(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

function list(text: string): string[] {
  return text.split(',').flatMap((item) => item.trim() || []);
}

function expiry(text: string): number {
  const days = /^(\d+)d$/.exec(text)?.[1];
  const time = days === undefined ? Date.parse(text) : Date.now() + Number(days) * 24 * 60 * 60 * 1000;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('It has to be a date such as 2027-01-31, or days such as 90d.');
  return time;
}

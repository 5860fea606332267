import type { ProfileEntry, ProfileSpec } from '../../../../src/contract/index.ts';
import { readAmount } from '../keys/form/read-amount.ts';

type Server = ProfileSpec['mcpServers'][string];

/** A name and a value, of a header or a variable. */
export interface Pair {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

export interface ServerDraft {
  readonly id: string;
  readonly name: string;
  readonly type: Server['type'];
  readonly url: string;
  readonly headers: readonly Pair[];
  readonly command: string;
  /** One a line. */
  readonly args: string;
  readonly env: readonly Pair[];
}

export interface SubagentDraft {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly prompt: string;
  readonly tools: string[] | null;
  readonly model: string;
}

/** A profile as it stands in a form: figures are text, and what has names is a list. */
export interface ProfileDraft
  extends Pick<
    ProfileSpec,
    | 'description'
    | 'effort'
    | 'systemPrompt'
    | 'builtInTools'
    | 'permissionMode'
    | 'skills'
    | 'workspace'
    | 'files'
    | 'network'
  > {
  readonly model: string;
  readonly smallModel: string;
  readonly maxTurns: string;
  readonly maxBudgetUsd: string;
  readonly servers: readonly ServerDraft[];
  readonly subagents: readonly SubagentDraft[];
}

export const emptyProfileDraft: ProfileDraft = {
  description: '',
  effort: null,
  systemPrompt: { mode: 'append', text: '' },
  builtInTools: 'all',
  permissionMode: null,
  skills: 'none',
  workspace: 'owner',
  files: null,
  network: 'all',
  model: '',
  smallModel: '',
  maxTurns: '',
  maxBudgetUsd: '',
  servers: [],
  subagents: [],
};

export const emptyServer: Omit<ServerDraft, 'id'> = {
  name: '',
  type: 'http',
  url: '',
  headers: [],
  command: '',
  args: '',
  env: [],
};

export const emptySubagent: Omit<SubagentDraft, 'id'> = {
  name: '',
  description: '',
  prompt: '',
  tools: null,
  model: '',
};

export function draftOfProfile(profile: ProfileEntry): ProfileDraft {
  return {
    description: profile.description,
    effort: profile.effort,
    systemPrompt: profile.systemPrompt,
    builtInTools: profile.builtInTools,
    permissionMode: profile.permissionMode,
    skills: profile.skills,
    workspace: profile.workspace,
    files: profile.files,
    network: profile.network,
    model: profile.model ?? '',
    smallModel: profile.smallModel ?? '',
    maxTurns: text(profile.maxTurns),
    maxBudgetUsd: text(profile.maxBudgetUsd),
    servers: Object.entries(profile.mcpServers).map(([name, server]) => draftOfServer(name, server)),
    subagents: Object.entries(profile.subagents).map(([name, one]) => ({
      ...one,
      id: name,
      name,
      model: one.model ?? '',
    })),
  };
}

function text(value: number | null): string {
  return value === null ? '' : String(value);
}

function draftOfServer(name: string, server: Server): ServerDraft {
  const base = { ...emptyServer, id: name, name };
  if (server.type === 'stdio') {
    return {
      ...base,
      type: server.type,
      command: server.command,
      args: server.args.join('\n'),
      env: pairsOf(server.env),
    };
  }
  return { ...base, type: server.type, url: server.url, headers: pairsOf(server.headers) };
}

function pairsOf(values: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(values).map(([name, value]) => ({ id: name, name, value }));
}

/** What is sent. Of names that come twice the last holds; `checkProfile` refuses them before. */
export function specOfDraft(draft: ProfileDraft): ProfileSpec {
  const { servers, subagents, model, smallModel, maxTurns, maxBudgetUsd, ...same } = draft;
  return {
    ...same,
    model: named(model),
    smallModel: named(smallModel),
    maxTurns: readAmount(maxTurns, { whole: true }) ?? null,
    maxBudgetUsd: readAmount(maxBudgetUsd, { whole: false }) ?? null,
    mcpServers: Object.fromEntries(servers.map((server) => [server.name.trim(), serverOf(server)])),
    subagents: Object.fromEntries(
      subagents.map(({ name, description, prompt, tools, model: own }) => [
        name.trim(),
        { description, prompt, tools, model: named(own) },
      ]),
    ),
  };
}

function named(value: string): string | null {
  return value.trim() === '' ? null : value.trim();
}

function serverOf({ type, url, headers, command, args, env }: ServerDraft): Server {
  if (type !== 'stdio') return { type, url: url.trim(), headers: valuesOf(headers) };
  const lines = args.split('\n').filter((line) => line !== '');
  return { type, command: command.trim(), args: lines, env: valuesOf(env) };
}

function valuesOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(
    pairs.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );
}

export function isProfileChanged(before: ProfileDraft, after: ProfileDraft): boolean {
  return (
    JSON.stringify(specOfDraft(before)) !== JSON.stringify(specOfDraft(after)) ||
    before.maxTurns !== after.maxTurns ||
    before.maxBudgetUsd !== after.maxBudgetUsd
  );
}

const masked = '***';

/** A copy knows no secrets: they have to be given anew, and those in the query of an address too. */
export function copyOfDraft(draft: ProfileDraft): ProfileDraft {
  const blank = (pairs: readonly Pair[]): readonly Pair[] =>
    pairs.map((pair) => (pair.value === masked ? { ...pair, value: '' } : pair));
  return {
    ...draft,
    servers: draft.servers.map((server) => ({
      ...server,
      headers: blank(server.headers),
      env: blank(server.env),
      url: server.url.replaceAll(/([?&][^=&#]*=)\*\*\*/g, '$1'),
    })),
  };
}

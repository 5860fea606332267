import type { ApiKey, KeyPermissions } from '../../contract/index.ts';
import {
  type BuiltInTools,
  directoryNameOf,
  type Profile,
  type Subagent,
  sharedWorkspaceId,
  type Turn,
  TurnError,
} from '../../turn/index.ts';

type Permitted = Pick<ApiKey, 'permissions'> | null;

/** Whether a key may use a model that goes by these names. */
export function mayUseModel(key: Permitted, names: readonly string[]): boolean {
  const patterns = key?.permissions.models ?? null;
  return patterns === null || names.some((name) => patterns.some((pattern) => matches(pattern, name)));
}

export function mayUseProfile(key: Permitted, name: string): boolean {
  const profiles = key?.permissions.profiles ?? null;
  return profiles === null || profiles.includes(name);
}

/** Throws a TurnError where the key may not use the model; the first of its names is the one that was asked for. */
export function permitModel(key: Permitted, names: readonly string[]): void {
  if (mayUseModel(key, names)) return;
  throw new TurnError('not_allowed', `This API key may not use the model '${names[0]}'. See GET /v1/models.`);
}

/** Throws a TurnError where the key can never have so many runs at once. */
export function permitRuns(key: Pick<ApiKey, 'limits'> | null, runs: number): void {
  const most = key?.limits.concurrentRuns ?? null;
  if (most === null || runs <= most) return;
  throw new TurnError(
    'not_allowed',
    `The request asks for ${runs} runs at once; this API key may have ${most}.`,
  );
}

/** The turn as the key may have it: what it may not do is taken out. Throws a TurnError for a profile it may not use. */
export function permitTurn(key: Permitted, turn: Turn): Turn {
  if (key === null) return turn;
  const { profile } = turn;
  if (!mayUseProfile(key, profile.name)) {
    throw new TurnError('not_allowed', `This API key may not use the profile '${profile.name}'.`);
  }
  if (turn.workspaceId !== undefined && !mayUseWorkspace(key, turn.workspaceId)) {
    throw new TurnError('not_allowed', 'This API key may not work in this container any more.');
  }
  return { ...turn, profile: narrowProfile(key, profile) };
}

/**
 * Whether a key may still use a workspace that it had something in. One of its own, of a conversation or of a container is
 * found by its owner alone.
 */
export function mayUseWorkspace(key: Permitted, workspaceId: string): boolean {
  if (key === null) return true;
  const { workspace } = key.permissions;
  if (workspaceId === sharedWorkspaceId) return workspace === 'shared';
  const name = directoryNameOf(workspaceId);
  return name === undefined || workspace === `directory:${name}`;
}

/** The profile as the key may have it. */
export function narrowProfile(key: Permitted, profile: Profile): Profile {
  if (key === null) return profile;
  const { builtInTools, permissionMode, workspace } = key.permissions;
  return {
    ...profile,
    workspace: narrowWorkspace(profile.workspace, workspace),
    ...(permissionMode !== null && { permissionMode }),
    ...(builtInTools !== null && { builtInTools: commonTools(profile.builtInTools, builtInTools) }),
    ...(builtInTools !== null &&
      profile.subagents && { subagents: narrowSubagents(profile.subagents, builtInTools) }),
  };
}

/** A profile that gives each conversation a workspace does so wherever the key works else. */
function narrowWorkspace(
  workspace: Profile['workspace'],
  scope: KeyPermissions['workspace'],
): Profile['workspace'] {
  if (workspace === 'none' || scope === 'none') return 'none';
  if (workspace === 'conversation') return workspace;
  return scope === 'own' ? 'owner' : scope;
}

function commonTools(tools: BuiltInTools, allowed: readonly string[]): BuiltInTools {
  if (tools === 'none') return 'none';
  const common = tools === 'all' ? [...allowed] : tools.filter((name) => allowed.includes(name));
  return common.length === 0 ? 'none' : common;
}

/** Subagents without a list of their own have the agent's tools. Those of MCP servers are not built in. */
function narrowSubagents(
  subagents: Readonly<Record<string, Subagent>>,
  allowed: readonly string[],
): Record<string, Subagent> {
  const isAllowed = (name: string): boolean => name.startsWith('mcp__') || allowed.includes(name);
  return Object.fromEntries(
    Object.entries(subagents).map(([name, subagent]) => [
      name,
      subagent.tools === undefined ? subagent : { ...subagent, tools: subagent.tools.filter(isAllowed) },
    ]),
  );
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

import { createHash } from 'node:crypto';
import {
  type ClientTool,
  canonicalJson,
  type Effort,
  type JsonObject,
  type McpServer,
  type PermissionMode,
  type Profile,
  type ProfileMcpServer,
  type Subagent,
  type Turn,
} from '../../turn/index.ts';

/** What a Claude Code process is given on its command line and in its environment: fixed when it is spawned. */
export interface Launch {
  readonly model: string;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly builtInTools: Profile['builtInTools'];
  readonly permissionMode: PermissionMode;
  /** For Claude Code's own small tasks. */
  readonly smallModel?: string;
  readonly effort?: Effort;
  readonly thinking: boolean;
  /** Most output tokens of one upstream call. */
  readonly maxOutputTokens?: number;
  /** Most upstream calls after a user message. */
  readonly maxTurns?: number;
  /** Most US dollars that the process may spend in its life. */
  readonly maxBudgetUsd?: number;
  readonly skills?: LaunchSkills;
  /** What shell commands reach; absent: all. */
  readonly network?: 'none' | readonly string[];
  /** The process asks us before each tool call, which the lean mode does not. */
  readonly hooks?: true;
  /** Merged into the body of every upstream call. */
  readonly extraBody?: JsonObject;
}

/** Where the skills of a workspace lie. */
export const skillsFolder = '.claude/skills';

/** Skills of the workspace, as a plugin that holds nothing else. */
export interface LaunchSkills {
  /** As Claude Code knows them; `all`: also those that come with it. */
  readonly names: 'all' | readonly string[];
  /** Absolute. */
  readonly pluginDir: string;
}

/** What a process is told in its first message over stdin: a spare is spawned without it and takes any. */
export interface SessionSetup {
  readonly systemPrompt: 'claude-code' | 'client';
  readonly system: string;
  readonly tools: readonly ClientTool[];
  readonly mcpServers: readonly McpServer[];
  /** The operator's, by name. */
  readonly operatorServers?: Readonly<Record<string, ProfileMcpServer>>;
  readonly subagents?: Readonly<Record<string, Subagent>>;
  readonly schema?: JsonObject;
}

/** What a launch takes where the turn's profile says nothing; the directory and skills are those of the profile. */
export interface LaunchDefaults {
  readonly cwd: string;
  readonly permissionMode: PermissionMode;
  readonly smallModel?: string | undefined;
  readonly skills?: LaunchSkills | undefined;
}

/** The launch that a turn needs. */
export function launchFor(turn: Turn, { cwd, skills, ...defaults }: LaunchDefaults): Launch {
  const { builtInTools, maxTurns, maxBudgetUsd, permissionMode = defaults.permissionMode } = turn.profile;
  const { network = 'all' } = turn.profile;
  const smallModel = turn.profile.smallModel ?? defaults.smallModel;
  const toolChoice = upstreamToolChoice(turn);
  // Upstream refuses thinking together with a forced tool call.
  const forced = toolChoice !== undefined && (toolChoice['type'] === 'any' || toolChoice['type'] === 'tool');
  const { effort } = turn.reasoning;
  const extraBody: JsonObject = {
    ...(turn.sampling.temperature === undefined ? {} : { temperature: turn.sampling.temperature }),
    ...(turn.sampling.topP === undefined ? {} : { top_p: turn.sampling.topP }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
  };
  return {
    model: turn.model,
    cwd,
    builtInTools,
    permissionMode,
    ...(smallModel === undefined ? {} : { smallModel }),
    thinking: effort !== 'none' && !forced,
    // Models of the later generations think all the same; then as little as they can.
    ...(effort === undefined ? {} : { effort: effort === 'none' ? 'low' : effort }),
    ...(turn.output.maxTokens === undefined ? {} : { maxOutputTokens: turn.output.maxTokens }),
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(maxBudgetUsd === undefined ? {} : { maxBudgetUsd }),
    ...(skills === undefined ? {} : { skills }),
    ...(network === 'all' ? {} : { network }),
    ...(turn.tools.maxBuiltInCalls === undefined ? {} : { hooks: true }),
    ...(Object.keys(extraBody).length === 0 ? {} : { extraBody }),
  };
}

export function sessionFor(turn: Turn): SessionSetup {
  const { systemPrompt, systemText = '', mcpServers, subagents } = turn.profile;
  return {
    systemPrompt,
    system: [systemText, turn.system].filter((text) => text !== '').join('\n\n'),
    tools: turn.tools.tools,
    mcpServers: turn.mcpServers ?? [],
    ...(mcpServers === undefined ? {} : { operatorServers: mcpServers }),
    ...(subagents === undefined ? {} : { subagents }),
    ...(turn.output.schema === undefined ? {} : { schema: turn.output.schema }),
  };
}

/**
 * Whether a process may be kept for the conversation's next turn. The engine counts its budget over a process's life,
 * and upstream calls over those that go on from a parked call; both are meant for one turn.
 */
export function outlivesTurn({ maxTurns, maxBudgetUsd }: Launch, { parked }: { parked: boolean }): boolean {
  return maxBudgetUsd === undefined && !(parked && maxTurns !== undefined);
}

/** Equal for launches that a process cannot tell apart. */
export function launchKey({ skills, ...launch }: Launch): string {
  return keyOf({ ...launch, ...(skills === undefined ? {} : { skills: { ...skills } }) });
}

/** Equal for sessions that a process cannot tell apart. */
export function sessionKey(session: SessionSetup): string {
  const { systemPrompt, system, tools, mcpServers, operatorServers, subagents, schema } = session;
  return keyOf({
    systemPrompt,
    system,
    tools: tools.map((tool) => ({ ...tool })),
    others: JSON.stringify([mcpServers, operatorServers, subagents]),
    schema: schema ?? null,
  });
}

function keyOf(value: JsonObject): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}

/** The Messages API's `tool_choice` where it differs from its default (auto, parallel calls allowed). */
function upstreamToolChoice({ tools: { tools, choice, parallel } }: Turn): JsonObject | undefined {
  if (tools.length === 0) return undefined;
  const serial: JsonObject = parallel ? {} : { disable_parallel_tool_use: true };
  switch (choice.type) {
    case 'auto':
      return parallel ? undefined : { type: 'auto', ...serial };
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any', ...serial };
    case 'named':
      return { type: 'tool', name: choice.name, ...serial };
  }
}

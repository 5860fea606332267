import { createHash } from 'node:crypto';
import {
  type ClientTool,
  canonicalJson,
  type Effort,
  type JsonObject,
  type McpServer,
  type PermissionMode,
  type Profile,
  type Turn,
} from '../../turn/index.ts';

/** What a Claude Code process is given on its command line and in its environment: fixed when it is spawned. */
export interface Launch {
  readonly model: string;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly builtInTools: Profile['builtInTools'];
  readonly permissionMode: PermissionMode;
  readonly effort?: Effort;
  readonly thinking: boolean;
  /** Most output tokens of one upstream call. */
  readonly maxOutputTokens?: number;
  /** The process asks us before each tool call, which the lean mode does not. */
  readonly hooks?: true;
  /** Merged into the body of every upstream call. */
  readonly extraBody?: JsonObject;
}

/** What a process is told in its first message over stdin: a spare is spawned without it and takes any. */
export interface SessionSetup {
  readonly systemPrompt: 'claude-code' | 'client';
  readonly system: string;
  readonly tools: readonly ClientTool[];
  readonly mcpServers: readonly McpServer[];
  readonly schema?: JsonObject;
}

export interface LaunchDefaults {
  readonly cwd: string;
  readonly permissionMode: PermissionMode;
}

/** The launch that a turn needs. */
export function launchFor(turn: Turn, { cwd, permissionMode }: LaunchDefaults): Launch {
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
    builtInTools: turn.profile.builtInTools,
    permissionMode,
    thinking: effort !== 'none' && !forced,
    ...(effort === undefined || effort === 'none' ? {} : { effort }),
    ...(turn.output.maxTokens === undefined ? {} : { maxOutputTokens: turn.output.maxTokens }),
    ...(turn.tools.maxBuiltInCalls === undefined ? {} : { hooks: true }),
    ...(Object.keys(extraBody).length === 0 ? {} : { extraBody }),
  };
}

export function sessionFor(turn: Turn): SessionSetup {
  return {
    systemPrompt: turn.profile.systemPrompt,
    system: turn.system,
    tools: turn.tools.tools,
    mcpServers: turn.mcpServers ?? [],
    ...(turn.output.schema === undefined ? {} : { schema: turn.output.schema }),
  };
}

/** Equal for launches that a process cannot tell apart. */
export function launchKey(launch: Launch): string {
  return keyOf({ ...launch });
}

/** Equal for sessions that a process cannot tell apart. */
export function sessionKey(session: SessionSetup): string {
  const tools = session.tools.map((tool) => ({ ...tool }));
  return keyOf({ ...session, tools, mcpServers: JSON.stringify(session.mcpServers) });
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

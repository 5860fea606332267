import path from 'node:path';
import type { AgentDefinition, Options } from '@anthropic-ai/claude-agent-sdk';
import type { JsonObject, Subagent } from '../../turn/index.ts';
import { clientServerName } from './client-tools.ts';
import { type Confinement, confinementSettings, confinementVariables, isConfined } from './confine-agent.ts';
import { type Launch, type LaunchSkills, type SessionSetup, skillsFolder } from './launch.ts';
import type { SessionNotes } from './session-notes.ts';

/** What all processes of this server have in common. */
export interface ProcessEnvironment {
  /** The allow-listed environment; replaces the server's own. */
  readonly variables: Readonly<Record<string, string>>;
  /** Chat without built-in tools runs in Claude Code's lean mode, which adds nothing to the prompt and reads no login. */
  readonly leanChat: boolean;
  /** Absent: agents may do whatever the server's user may. */
  readonly confinement?: Confinement;
  /** Absent: what a process keeps of a conversation stays if this server is killed. */
  readonly sessionNotes?: SessionNotes;
}

/** Tools that need somebody at a terminal, or outlive the turn: no client of an API can answer for them. */
const withheldTools = [
  'AskUserQuestion',
  'EnterPlanMode',
  'ExitPlanMode',
  'ScheduleWakeup',
  'CronCreate',
  'CronDelete',
  'CronList',
  'RemoteTrigger',
  'PushNotification',
  'SendFeedback',
  'Workflow',
  'Monitor',
];

/** They reach the agents of other owners: all of this machine's Claude Code processes know each other. */
const toolsAcrossAgents = ['ListAgents', 'SendMessage'];

/** Options that decide the command line and the environment of a process. */
export function launchOptions(launch: Launch, environment: ProcessEnvironment): Options {
  return {
    cwd: launch.cwd,
    env: launchVariables(launch, environment),
    model: launch.model,
    settingSources: [],
    strictMcpConfig: true,
    includePartialMessages: true,
    permissionMode: launch.permissionMode,
    ...(launch.permissionMode === 'bypassPermissions' ? { allowDangerouslySkipPermissions: true } : {}),
    // On the command line; what decides is the process's own.
    ...(asksFirst(launch) ? { canUseTool: async () => null } : {}),
    thinking: launch.thinking ? { type: 'adaptive', display: 'summarized' } : { type: 'disabled' },
    ...(launch.effort === undefined ? {} : { effort: launch.effort }),
    ...(launch.maxTurns === undefined ? {} : { maxTurns: launch.maxTurns }),
    ...(launch.maxBudgetUsd === undefined ? {} : { maxBudgetUsd: launch.maxBudgetUsd }),
    ...builtInTools(launch),
    ...skillOptions(launch),
    ...settingsOf(launch, environment),
    // A call of the client's own tool is the client's to permit, whatever the agent may do here. Where each is asked about, the
    // permission desk says so: the SDK warns of what it is not asked.
    allowedTools: [
      ...(asksFirst(launch) ? [] : [`mcp__${clientServerName}`]),
      ...(launch.skills ? readRules(launch, launch.skills) : []),
    ],
  };
}

/** Whether somebody is asked about calls that the mode does not let pass; in the others Claude Code itself denies them. */
export function asksFirst({ builtInTools, permissionMode }: Launch): boolean {
  return builtInTools !== 'none' && (permissionMode === 'default' || permissionMode === 'acceptEdits');
}

function builtInTools({ builtInTools: tools, skills }: Launch): Options {
  if (tools === 'all') return { disallowedTools: [...withheldTools, ...toolsAcrossAgents] };
  const named = tools === 'none' ? [] : tools;
  return {
    tools: [...new Set([...named, ...(skills === undefined ? [] : ['Skill'])])],
    ...(tools === 'none' ? {} : { disallowedTools: toolsAcrossAgents }),
  };
}

function settingsOf(
  launch: Launch,
  { confinement, variables }: ProcessEnvironment,
): Pick<Options, 'settings'> {
  const settings = {
    // Neither hooks nor shell lines of a skill are run.
    ...(launch.skills === undefined ? {} : { disableAllHooks: true, disableSkillShellExecution: true }),
    ...(confinement !== undefined && isConfined(launch)
      ? confinementSettings(launch, confinement, variables)
      : {}),
  };
  return Object.keys(settings).length === 0 ? {} : { settings };
}

/** The workspace's skills without the workspace's settings. */
function skillOptions({ skills }: Launch): Options {
  if (skills === undefined) return {};
  const { names, pluginDir } = skills;
  return {
    skills: names === 'all' ? 'all' : [...names],
    plugins: [{ type: 'local', path: pluginDir, skipMcpDiscovery: true }],
  };
}

/** A skill's files are read through the plugin, and lie in the workspace: the engine wants leave for both places. */
function readRules({ cwd }: Launch, { pluginDir }: LaunchSkills): string[] {
  const places = [pluginDir, path.join(cwd, skillsFolder)];
  // Other characters mean something in a rule; without it, the files follow the permission mode as any.
  return places.every((place) => /^[\w./ @+~-]+$/.test(place))
    ? places.map((place) => `Read(/${place}/**)`)
    : [];
}

/** Options that travel in the first message to the process. */
export function sessionOptions(session: SessionSetup): Options {
  return {
    // Slash commands and @file mentions in a client's text are text.
    verbatimPrompts: true,
    systemPrompt:
      session.systemPrompt === 'client'
        ? { type: 'custom', prompt: session.system, snapshot: false }
        : {
            type: 'preset',
            preset: 'claude_code',
            snapshot: false,
            ...(session.system === '' ? {} : { append: session.system }),
          },
    ...(session.subagents === undefined ? {} : { agents: agentDefinitions(session.subagents) }),
    ...(session.schema === undefined
      ? {}
      : { outputFormat: { type: 'json_schema', schema: withoutDialect(session.schema) } }),
  };
}

/** Schemas made by zod name the dialect of 2020-12, which Claude Code's validator refuses by its name alone. */
function withoutDialect({ $schema: _, ...schema }: JsonObject): JsonObject {
  return schema;
}

function agentDefinitions(subagents: Readonly<Record<string, Subagent>>): Record<string, AgentDefinition> {
  return Object.fromEntries(
    Object.entries(subagents).map(([name, { description, prompt, tools, model }]) => [
      name,
      {
        description,
        prompt,
        ...(tools === undefined ? {} : { tools: [...tools] }),
        model: model ?? 'inherit',
      },
    ]),
  );
}

function launchVariables(launch: Launch, environment: ProcessEnvironment): Record<string, string> {
  const chat = launch.builtInTools === 'none';
  return {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // A request's retries are the client's to see and to repeat; the engine's own ten would hide minutes. Beside these, it
    // asks again after a 400 or 422 that it has no name for, if upstream is a gateway and not Anthropic's own API: without
    // one beta header, without `thinking.display`, and with tool search without that. A gateway that does not know them
    // would refuse every request else. It has no switch but CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS, which gives them up
    // altogether, and with them the summaries of its thinking: that is the operator's to choose.
    CLAUDE_CODE_MAX_RETRIES: '2',
    ...environment.variables,
    ...(environment.confinement !== undefined && isConfined(launch)
      ? confinementVariables(launch, environment.confinement)
      : {}),
    ...(launch.smallModel === undefined ? {} : { ANTHROPIC_SMALL_FAST_MODEL: launch.smallModel }),
    // Client tools keep their exact names.
    CLAUDE_AGENT_SDK_MCP_NO_PREFIX: '1',
    // What one owner's agent learns must not reach another's.
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
    // Work in the background would outlive the request that asked for it.
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    // A stream that breaks must be seen to break; the fallback's answer comes without deltas.
    CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
    // A refusal is upstream's answer, not a reason to ask again.
    CLAUDE_CODE_DISABLE_REFUSAL_RETRY: '1',
    // Client tools may be parked until the client's next request, however late.
    MCP_TOOL_TIMEOUT: String(24 * 60 * 60 * 1000),
    // A client that manages its own context must get an error, not a summary.
    ...(chat ? { DISABLE_AUTO_COMPACT: '1', DISABLE_COMPACT: '1' } : {}),
    ...(chat && environment.leanChat && launch.hooks === undefined && launch.skills === undefined
      ? { CLAUDE_CODE_SIMPLE: '1' }
      : {}),
    ...(launch.maxOutputTokens === undefined
      ? {}
      : { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(launch.maxOutputTokens) }),
    ...(launch.extraBody === undefined ? {} : { CLAUDE_CODE_EXTRA_BODY: JSON.stringify(launch.extraBody) }),
  };
}

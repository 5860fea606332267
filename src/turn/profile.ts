import type { Effort } from './effort.ts';

/** How tool calls of the agent are permitted; the engine's own modes. */
export type PermissionMode = 'bypassPermissions' | 'acceptEdits' | 'plan' | 'dontAsk' | 'default';

/**
 * Where an agent works. `owner`: in the owner's own directory. `shared`: in that of those who ask without a key.
 * `conversation`: in one of the conversation alone. `directory:<name>`: in that of this name, with all others who have it.
 * `none`: in an empty one.
 */
export type WorkspaceScope = 'owner' | 'shared' | 'conversation' | 'none' | `directory:${string}`;

/** A named set of engine options that is offered as a model. Absent options are the server's own. */
export interface Profile {
  readonly name: string;
  /** `claude-code`: Claude Code's own prompt first. `client`: without it. */
  readonly systemPrompt: 'claude-code' | 'client';
  /** The operator's text, before the client's. */
  readonly systemText?: string;
  /** All of Claude Code's, none, or those named. */
  readonly builtInTools: BuiltInTools;
  readonly workspace: WorkspaceScope;
  /** How files that a run made are told in Chat Completions, where the request does not say; absent: by the setting. */
  readonly files?: 'inline' | 'links' | 'off';
  /** What shell commands reach: all but this machine, nothing, or hosts by name (`example.com`, `*.example.com`); absent: all. */
  readonly network?: 'all' | 'none' | readonly string[];
  /** What answers where the client names the profile and no model. */
  readonly model?: string;
  /** For Claude Code's own small tasks. */
  readonly smallModel?: string;
  /** Where the client asks for none. */
  readonly effort?: Effort | 'none';
  readonly permissionMode?: PermissionMode;
  /** Servers of the operator, by name; their tools need no approval of the client. */
  readonly mcpServers?: Readonly<Record<string, ProfileMcpServer>>;
  /** Names of skills that the agent may load from its workspace; absent: none. */
  readonly skills?: 'all' | readonly string[];
  readonly subagents?: Readonly<Record<string, Subagent>>;
  /** Most upstream calls of one run. */
  readonly maxTurns?: number;
  /** Most US dollars of one run, by the engine's price list. */
  readonly maxBudgetUsd?: number;
}

export type BuiltInTools = 'all' | 'none' | readonly string[];

/** Values of headers and variables are secrets. */
export type ProfileMcpServer =
  | {
      readonly type: 'http' | 'sse';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    };

export interface Subagent {
  /** When the agent should hand work to it. */
  readonly description: string;
  readonly prompt: string;
  /** Absent: those of the agent. */
  readonly tools?: readonly string[];
  /** Absent: that of the agent. */
  readonly model?: string;
}

/** Claude Code as an agent: files, shell, search, in the owner's workspace. */
export const agentProfile: Profile = {
  name: 'agent',
  systemPrompt: 'claude-code',
  builtInTools: 'all',
  workspace: 'owner',
};

/** Claude as a plain chat model: no built-in tools, no workspace, nothing added to the client's system text. */
export const modelProfile: Profile = {
  name: 'model',
  systemPrompt: 'client',
  builtInTools: 'none',
  workspace: 'none',
};

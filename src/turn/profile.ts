/** How tool calls of the agent are permitted; the engine's own modes. */
export type PermissionMode = 'bypassPermissions' | 'acceptEdits' | 'plan' | 'dontAsk' | 'default';

/** A named set of engine options that is offered as a model. */
export interface Profile {
  readonly name: string;
  /** `claude-code`: Claude Code's own prompt, the client's system text appended. `client`: the client's text alone. */
  readonly systemPrompt: 'claude-code' | 'client';
  /** All of Claude Code's, none, or those named. */
  readonly builtInTools: 'all' | 'none' | readonly string[];
  /** `owner`: works in the owner's workspace directory. `none`: an empty private directory. */
  readonly workspace: 'owner' | 'none';
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

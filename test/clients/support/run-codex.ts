import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { type AgentCommand, type AgentPlace, fileOf } from './run-agent.ts';
import type { Agent } from './use-agent.ts';

export interface CodexEvent {
  readonly type: string;
  readonly item?: Readonly<Record<string, unknown>>;
}

interface CodexOptions {
  /** Codex chooses its tools by the model's name. */
  readonly model: string;
  /** More of its command line, before the prompt. */
  readonly args?: readonly string[];
}

/** `codex exec` with an own home, no sandbox and no approvals. */
export function codexTurn(prompt: string, place: AgentPlace, options: CodexOptions): AgentCommand {
  const { model, args = [] } = options;
  const { home, work } = place;
  const always = ['--strict-config', '--skip-git-repo-check', '--cd', work, '--model', model];
  return {
    program: process.execPath,
    args: [fileOf('@openai/codex', 'bin/codex.js'), 'exec', ...always, ...args, '--', prompt],
    env: { CODEX_HOME: home, TEST_KEY: 'sk-test' },
  };
}

/** Its events, one per line of its output with `--json`. */
export function codexEvents(stdout: string): readonly CodexEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

export const codex: Agent = {
  configure: async ({ home }, baseUrl) => {
    await writeFile(path.join(home, 'config.toml'), configFor(baseUrl));
  },
  turn: (prompt, place) => codexTurn(prompt, place, { model: 'gpt-5.5' }),
  see: (prompt, file, place) => codexTurn(prompt, place, { model: 'gpt-5.5', args: ['--image', file] }),
  report: (prompt, schemaFile, place) =>
    codexTurn(prompt, place, { model: 'gpt-5.5', args: ['--output-schema', schemaFile] }),
  tools: {
    // It has no tool that reads a file.
    read: (file, content) => ({
      name: 'exec_command',
      input: { cmd: `cat ${file}` },
      result: outputOf(content),
    }),
    edit: (file, from, to) => ({
      name: 'apply_patch',
      input: { input: `*** Begin Patch\n*** Update File: ${file}\n@@\n-${from}\n+${to}\n*** End Patch\n` },
      result: outputOf(`Success. Updated the following files:\nM ${file}`),
    }),
    run: (command, output) => ({ name: 'exec_command', input: { cmd: command }, result: outputOf(output) }),
  },
};

/** Before it Codex tells how long it took. */
function outputOf(output: string): unknown {
  return expect.stringContaining(`\nOutput:\n${output}\n`);
}

/** What it does of its own accord besides asking the model (updates, statistics, a list of plugins) is off. */
function configFor(baseUrl: string): string {
  return `
model_provider = "claudecode"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
cli_auth_credentials_store = "file"

[model_providers.claudecode]
name = "Claude Code"
base_url = "${baseUrl}"
env_key = "TEST_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false

[feedback]
enabled = false

[otel]
exporter = "none"
trace_exporter = "none"
metrics_exporter = "none"

[features]
plugins = false
remote_plugin = false
apps = false
`;
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileOf } from './run-agent.ts';
import type { Agent } from './use-agent.ts';

/** `cline`, by its provider for servers like this one. */
export const cline: Agent = {
  configure: async ({ home }, baseUrl) => {
    const data = path.join(home, '.cline/data');
    const write = async (file: string, content: object) => {
      await mkdir(path.dirname(path.join(data, file)), { recursive: true });
      await writeFile(path.join(data, file), JSON.stringify(content));
    };
    const provider = 'openai-compatible';
    const settings = { provider, apiKey: 'sk-test', model: 'claude-sonnet-5', baseUrl };
    const entry = { settings, updatedAt: new Date().toISOString(), tokenSource: 'manual' };
    await write('settings/providers.json', {
      version: 1,
      lastUsedProvider: provider,
      modes: {},
      providers: { [provider]: entry },
    });
    await write('settings/global-settings.json', { telemetryOptOut: true, autoUpdateEnabled: false });
    // As if it had asked its maker just now which features to switch on.
    await write('cache/feature-flags.json', {
      version: 2,
      updatedAt: Date.now(),
      userId: null,
      flagsPayload: { featureFlags: {}, featureFlagPayloads: {} },
    });
  },
  turn: (prompt) => ({
    program: fileOf(`@cline/cli-${process.platform}-${process.arch}`, 'bin/cline'),
    args: [prompt],
    // Without a process of its own that stays.
    env: { CLINE_SESSION_BACKEND_MODE: 'local', CLINE_NO_AUTO_UPDATE: '1' },
  }),
  tools: {
    read: (file, content) => ({
      name: 'read_files',
      input: { files: [{ path: file }] },
      result: JSON.stringify([{ query: file, result: `1 | ${content}`, success: true }]),
    }),
    edit: (file, from, to) => ({
      name: 'editor',
      input: { path: file, old_text: from, new_text: to },
      result: JSON.stringify({
        query: `edit:${file}`,
        result: `Edited ${file}\n\`\`\`diff\n-1: ${from}\n+1: ${to}\n\`\`\``,
        success: true,
      }),
    }),
    run: (command, output) => ({
      name: 'run_commands',
      input: { commands: [command] },
      result: JSON.stringify([{ query: command, result: `${output}\n`, success: true }]),
    }),
  },
};

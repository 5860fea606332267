import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AgentTools } from './agent-task.ts';
import { type AgentCommand, fileOf } from './run-agent.ts';
import type { Agent } from './use-agent.ts';

/** `opencode run`, by its provider for servers like this one (Chat Completions), or by its own for OpenAI (Responses). */
export function openCode(api: 'chat' | 'responses'): Agent {
  const model = api === 'chat' ? 'claudecode/claude-sonnet-5' : 'openai/gpt-5';
  const turn = (...args: string[]): AgentCommand => ({
    // The launcher is made by an install script, which does not run here.
    program: fileOf(`opencode-${process.platform}-${process.arch}`, 'bin/opencode'),
    args: ['run', '--auto', '--model', model, ...args],
    env: {
      OPENCODE_PURE: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    },
  });
  return {
    configure: async ({ home }, baseURL) => {
      const options = { baseURL, apiKey: 'sk-test' };
      const configuration = path.join(home, '.config/opencode');
      await mkdir(path.join(configuration, 'node_modules'), { recursive: true });
      await writeFile(
        path.join(configuration, 'opencode.json'),
        JSON.stringify({
          autoupdate: false,
          share: 'disabled',
          lsp: false,
          formatter: false,
          provider: {
            claudecode: {
              npm: '@ai-sdk/openai-compatible',
              name: 'Claude Code',
              options,
              models: {
                'claude-sonnet-5': {
                  name: 'Claude Sonnet 5',
                  attachment: true,
                  modalities: { input: ['text', 'image'], output: ['text'] },
                },
              },
            },
            openai: { options, models: { 'gpt-5': {} } },
          },
        }),
      );
      // It would install what plugins need, of which there are none.
      await writeFile(
        path.join(configuration, 'package-lock.json'),
        JSON.stringify({ packages: { '': { dependencies: { '@opencode-ai/plugin': '*' } } } }),
      );
    },
    turn: (prompt) => turn(prompt),
    see: (prompt, file) => turn(prompt, '--file', file),
    tools: api === 'chat' ? tools : { ...tools, edit: editByPatch },
    asksBesides: 'Generate a title for this conversation',
    asksMeanwhile: true,
  };
}

const tools: AgentTools = {
  read: (filePath, content) => ({
    name: 'read',
    input: { filePath },
    result: [
      `<path>${filePath}</path>`,
      '<type>file</type>',
      '<content>',
      `1: ${content}`,
      '',
      '(End of file - total 1 lines)',
      '</content>',
    ].join('\n'),
  }),
  edit: (filePath, oldString, newString) => ({
    name: 'edit',
    input: { filePath, oldString, newString },
    result: 'Edit applied successfully.',
  }),
  run: (command, output) => ({ name: 'bash', input: { command }, result: `${output}\n` }),
};

/** It offers the models of OpenAI another tool. */
const editByPatch: AgentTools['edit'] = (file, from, to) => ({
  name: 'apply_patch',
  input: { patchText: `*** Begin Patch\n*** Update File: ${file}\n@@\n-${from}\n+${to}\n*** End Patch` },
  result: `Success. Updated the following files:\nM ${file.slice(1)}`,
});

// The same server as `npm start`, with the real Claude Code, but against a scripted model: no account is needed.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import OpenAI from 'openai';
import { createApp } from '../src/app/index.ts';
import { startScriptedClaude } from './scripted-claude.ts';

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '3000' },
    once: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(
    'Usage: npm run demo -- [--port <number>] [--once]\n\n  --once  ask once, show the answer, and end',
  );
  process.exit(0);
}

const directory = path.resolve('data/demo');
const workspace = path.join(directory, 'workspace');
const claude = await startScriptedClaude(workspace);
const environment = {
  PATH: process.env['PATH'],
  HOME: directory,
  ANTHROPIC_BASE_URL: claude.url,
  ANTHROPIC_API_KEY: 'no-key-needed',
  // Claude Code refuses to work without permissions as root, unless told that it is in a sandbox.
  ...(process.getuid?.() === 0 ? { IS_SANDBOX: '1' } : {}),
  DATA_DIR: directory,
  WORKSPACE_ROOT: workspace,
  DEFAULT_MODEL: 'claude-sonnet-5',
  LOG_LEVEL: 'warn',
  PORT: flags.port,
};
const app = await createApp({ variables: environment });
const baseURL = `${await app.listen()}/v1`;

console.log(`The demo server listens on ${baseURL}. Asking it once, as any OpenAI client would:\n`);
await ask('Write me a greeting.');
console.log(`\n\n${path.relative('.', path.join(workspace, 'hello.md'))} now says:\n`);
console.log((await readFile(path.join(workspace, 'hello.md'), 'utf8')).replace(/^/gm, '  | '));

if (flags.once) await end();
else {
  console.log(`Now you:

  curl -N ${baseURL}/chat/completions -H 'content-type: application/json' \\
    -d '{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Say hello"}]}'

Ctrl-C ends it. With a Claude account, \`npm start\` is the real thing.`);
  process.once('SIGINT', () => void end()).once('SIGTERM', () => void end());
}

async function ask(content: string): Promise<void> {
  const openai = new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 });
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o',
    stream: true,
    messages: [{ role: 'user', content }],
  });
  for await (const chunk of stream) {
    const delta: { content?: string | null; reasoning_content?: string } = chunk.choices[0]?.delta ?? {};
    // What the agent does comes apart from what it says; here it is dimmed.
    if (delta.reasoning_content) process.stdout.write(`\n\u001b[2m${delta.reasoning_content}\u001b[0m`);
    process.stdout.write(delta.content ?? '');
  }
}

async function end(): Promise<never> {
  await app[Symbol.asyncDispose]();
  await claude.stop();
  process.exit(0);
}

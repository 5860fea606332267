import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import type { EngineOptions } from '../../src/engine/index.ts';
import { agentProfile, type Profile } from '../../src/turn/index.ts';
import { temporaryDirectory } from './start-app.ts';
import { startEngine, type TestEngine, turnOf, userSays } from './start-engine.ts';
import { call, lastResults, type ReplyBlock, say, type Upstream, type UpstreamBlock } from './upstream.ts';

/** An engine amid all that an agent must not get at. What is secret has LEAK in it. */
export interface SandboxTarget extends AsyncDisposable {
  readonly engine: TestEngine;
  /** The engine's data, workspaces and home lie in it. */
  readonly directory: string;
  /** Where the agents of an owner work. */
  workspaceOf(owner: string): string;
  /** Files of the server beside its own directories; holds `.env`, `elsewhere.sqlite` and `socket`. */
  readonly outside: string;
  /** Temporary files of another program; holds `other.txt`. */
  readonly temporary: string;
  /** Another program of the server's user, with a secret in its environment. */
  readonly program: ChildProcess;
  /** Listens on all addresses and answers LEAK; its port is the server's own, so to say. */
  readonly port: number;
  /** Likewise, of a program that the server knows nothing of. */
  readonly otherPort: number;
}

export const shell = (command: string, more: object = {}): ReplyBlock =>
  call('Bash', { command, description: 'x', ...more });

/** All tools that may matter: Grep and Glob only come where they are named. */
export const everyTool: Profile = {
  ...agentProfile,
  builtInTools: [
    ...['Bash', 'Read', 'Write', 'Edit', 'NotebookEdit', 'Grep', 'Glob', 'WebFetch', 'WebSearch'],
    ...['ListAgents', 'SendMessage'],
  ],
};

export async function startTarget(
  upstream: Upstream,
  sandbox: NonNullable<EngineOptions['sandbox']>,
): Promise<SandboxTarget> {
  // What lies among temporary files is hidden anyway; here, each place has to be hidden for itself.
  const parent = path.resolve('node_modules/.cache');
  mkdirSync(parent, { recursive: true });
  const outside = await temporaryDirectory(parent);
  const temporary = await temporaryDirectory();
  const env = path.join(outside, '.env');
  const database = path.join(outside, 'elsewhere.sqlite');
  writeFileSync(env, 'SESSION_SECRET=LEAK');
  writeFileSync(database, 'SQLite format 3 LEAK');
  writeFileSync(path.join(temporary, 'other.txt'), 'LEAK');
  const services = [
    await listen('0.0.0.0'),
    await listen('0.0.0.0'),
    await listenAt(path.join(outside, 'socket')),
  ];
  const [port = 0, otherPort = 0] = services.map(portOf);
  const engine = await startEngine(upstream, {
    sandbox,
    parent,
    protectedPaths: [env, database],
    protectedPorts: [port],
  });
  const { directory } = engine;
  const files = {
    secret: 'LEAK',
    'data/secret': 'LEAK',
    'data/webui.sqlite': 'SQLite format 3 LEAK',
    'data/engine/claude/projects/x/session.jsonl': 'LEAK',
    'data/engine/claude/projects/x/session/tool-results/y.txt': 'LEAK',
    '.ssh/id_ed25519': 'LEAK',
    '.netrc': 'LEAK',
    '.claude/.credentials.json': 'LEAK',
    'workspace/shared.txt': 'LEAK',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), content);
  }
  const program = spawn('sleep', ['300'], { env: { SECRET: 'LEAK' } });
  return {
    engine,
    directory,
    workspaceOf: (owner) => path.join(directory, 'workspace', `owner-${digest(owner)}`),
    outside,
    temporary,
    program,
    port,
    otherPort,
    [Symbol.asyncDispose]: async () => {
      program.kill('SIGKILL');
      for (const service of services) service.close();
      await engine[Symbol.asyncDispose]();
      for (const place of [outside, temporary]) rmSync(place, { recursive: true, force: true });
    },
  };
}

interface Doing {
  readonly owner: string;
  readonly profile?: Profile;
}

/** Has an agent do one thing after the other; returns what it was told of each, as JSON. */
export async function resultsOf(
  parts: { readonly engine: TestEngine; readonly upstream: Upstream },
  calls: readonly ReplyBlock[],
  doing: Doing,
): Promise<string[]> {
  const results: string[] = [];
  await inSteps(
    parts,
    calls.map((block) => [block]),
    { ...doing, each: (told) => results.push(...told) },
  );
  return results;
}

/** Has an agent do several things at once, and then others. */
export async function inSteps(
  { engine, upstream }: { readonly engine: TestEngine; readonly upstream: Upstream },
  steps: readonly (readonly ReplyBlock[])[],
  {
    owner,
    profile = everyTool,
    each,
  }: Doing & {
    /** Called with what the agent was told of each thing, as JSON, before the next step. */
    readonly each: (results: readonly string[], index: number) => void;
  },
): Promise<void> {
  let next = 0;
  upstream.script((request) => {
    if (next > 0) each(inOrder(steps[next - 1] ?? [], lastResults(request)), next - 1);
    const blocks = steps[next++];
    return blocks === undefined ? say('done') : { blocks };
  });
  const events = await engine.run(turnOf([userSays('go')], { owner, profile }));
  const end = events.at(-1);
  if (end?.type !== 'done' || next <= steps.length)
    throw new Error(`The agent did ${next - 1} of ${steps.length} steps: ${JSON.stringify(end)}`);
}

/** They come as they were had. */
function inOrder(calls: readonly ReplyBlock[], results: readonly UpstreamBlock[]): string[] {
  return calls.map((made) => {
    const result = results.find(({ tool_use_id }) => made.type === 'tool_use' && tool_use_id === made.id);
    return JSON.stringify(result?.content ?? '');
  });
}

async function listen(host: string): Promise<Server> {
  const server = createHttpServer((_, response) => response.end('LEAK'));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return server;
}

async function listenAt(socket: string): Promise<Server> {
  const server = createServer((connection) => connection.end('LEAK'));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/index.ts';
import { ConversationWorkspaces, DatabaseTranscriptStore, openDatabase } from '../../src/storage/index.ts';
import { type Message, modelProfile, type Turn, type TurnEvent } from '../../src/turn/index.ts';
import { temporaryDirectory, testEnvironment } from './start-app.ts';
import type { Upstream } from './upstream.ts';

export interface TestEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly directory: string;
  /** Runs a turn to its end. */
  run(turn: Turn, signal?: AbortSignal): Promise<TurnEvent[]>;
}

/** The engine room alone, with the real Claude Code and a database of its own. `parent` holds its directory; absent: that of temporary files. */
export async function startEngine(
  upstream: Upstream,
  { parent, ...more }: Partial<EngineOptions> & { readonly parent?: string } = {},
): Promise<TestEngine> {
  const directory = await temporaryDirectory(parent);
  const database = await openDatabase(path.join(directory, 'engine.sqlite'));
  const {
    PATH = '',
    HOME,
    ANTHROPIC_API_KEY = '',
    ANTHROPIC_BASE_URL = '',
    IS_SANDBOX = '',
  } = testEnvironment(directory, upstream);
  const engine = createEngine({
    environment: {
      PATH,
      HOME: HOME ?? '',
      ANTHROPIC_API_KEY,
      ANTHROPIC_BASE_URL,
      IS_SANDBOX,
      CLAUDE_CODE_MAX_RETRIES: '0',
    },
    credentialInEnvironment: true,
    transcripts: new DatabaseTranscriptStore(database),
    conversationWorkspaces: new ConversationWorkspaces(database),
    workspaceQuota: {},
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    dataDir: path.join(directory, 'data'),
    workspaceRoot: path.join(directory, 'workspace'),
    sandbox: 'off',
    permissionMode: 'bypassPermissions',
    approvals: 'deny',
    maxProcesses: 6,
    warmSpares: 0,
    idleTtlSeconds: 600,
    queueLimit: 16,
    requestTimeoutSeconds: 120,
    defaultModel: 'claude-sonnet-5',
    ...more,
  });
  return {
    engine,
    directory,
    run: async (turn, signal = new AbortController().signal) => {
      const events: TurnEvent[] = [];
      for await (const event of engine.runTurn(turn, { signal })) events.push(event);
      return events;
    },
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function turnOf(messages: readonly Message[], more: Partial<Turn> = {}): Turn {
  return {
    id: 'turn_test',
    owner: 'local',
    model: 'claude-sonnet-5',
    profile: modelProfile,
    system: '',
    messages,
    tools: { tools: [], choice: { type: 'auto' }, parallel: true },
    output: { stop: [] },
    reasoning: {},
    sampling: {},
    ...more,
  };
}

export function userSays(text: string): Message {
  return { role: 'user', parts: [{ type: 'text', text }] };
}

export function assistantSays(text: string): Message {
  return { role: 'assistant', parts: [{ type: 'text', text }] };
}

export function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('');
}

export function sourceOf(events: readonly TurnEvent[]): string | undefined {
  return events.find((event) => event.type === 'started')?.source;
}

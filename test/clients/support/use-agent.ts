import { rm } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { temporaryDirectory } from '../../support/start-app.ts';
import { lastUserText, type Reply, say, type UpstreamRequest } from '../../support/upstream.ts';
import type { AgentTools } from './agent-task.ts';
import {
  type AgentCommand,
  type AgentPlace,
  type AgentRun,
  makePlace,
  type RunningAgent,
  startAgent,
} from './run-agent.ts';
import type { ServerInUse } from './use-server.ts';

/** An agent's command line, in its own idiom. What it cannot do is left out, and has its reason in the matrix. */
export interface Agent {
  /** Writes its settings: the server to ask and nobody else, and it may do everything by itself. */
  configure(place: AgentPlace, baseUrl: string): Promise<void>;
  /** One turn without a person at it. */
  turn(prompt: string, place: AgentPlace): AgentCommand;
  /** One turn about a picture in its working directory. */
  see?(prompt: string, file: string, place: AgentPlace): AgentCommand;
  /** One turn whose answer keeps to a JSON schema. */
  report?(prompt: string, schemaFile: string, place: AgentPlace): AgentCommand;
  readonly tools: AgentTools;
  /** What it asks the model besides, once a turn, of its own accord: words by which this is known. */
  readonly asksBesides?: string;
  /** It does so while its turn runs, and does not wait for the answer before it ends. */
  readonly asksMeanwhile?: boolean;
}

export type Answer = (request: UpstreamRequest) => Reply;

export interface AgentTurn extends AgentRun {
  /** What the model was asked by the agent's own turn. */
  readonly asked: readonly UpstreamRequest[];
  /** How often it was asked besides. */
  readonly askedBesides: number;
}

export interface AgentInUse {
  /** To be read within tests only. */
  readonly place: AgentPlace;
  /** Starts a command; the model answers by `answer`, and says nothing of note to what the agent asks besides. */
  start(command: AgentCommand, answer: Answer): Promise<RunningAgent>;
  /** Runs a command to its end. */
  run(command: AgentCommand, answer: Answer): Promise<AgentTurn>;
  /** Without what the agent asks besides. */
  ownOf(requests: readonly UpstreamRequest[]): readonly UpstreamRequest[];
}

const timeoutMs = 90_000;
/** For a test that runs an agent once. */
export const patience = { timeout: timeoutMs + 10_000 };

/** An agent with a home and a working directory for the tests of this file. */
export function useAgent(use: ServerInUse, agent: Agent): AgentInUse {
  let directory: string | undefined;
  let place: AgentPlace | undefined;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    place = await makePlace(directory);
    await agent.configure(place, use.server.baseUrl);
  });
  afterAll(async () => {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const need = (): AgentPlace => {
    if (place === undefined) throw new Error('The agent has a place within tests only.');
    return place;
  };
  const { asksBesides, asksMeanwhile = false } = agent;
  const isOwn = (request: UpstreamRequest) =>
    asksBesides === undefined || !lastUserText(request).includes(asksBesides);
  const start = (command: AgentCommand, answer: Answer) => {
    let asked = (): void => {};
    const askedBesides = new Promise<void>((resolve) => {
      asked = resolve;
    });
    use.upstream.script(async (request) => {
      if (!isOwn(request)) {
        asked();
        return say('Nothing else.');
      }
      // An answer before that could end the agent before its other question has come this far.
      if (asksMeanwhile) await askedBesides;
      return answer(request);
    });
    return startAgent(command, need(), timeoutMs);
  };
  return {
    get place() {
      return need();
    },
    start,
    ownOf: (requests) => requests.filter(isOwn),
    run: async (command, answer) => {
      const before = use.upstream.requests.length;
      const run = await (await start(command, answer)).ended;
      const requests = use.upstream.requests.slice(before);
      const asked = requests.filter(isOwn);
      return { ...run, asked, askedBesides: requests.length - asked.length };
    },
  };
}

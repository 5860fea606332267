import {
  type Config,
  engineEnvironment,
  hasCredentialInEnvironment,
  type StartEnvironment,
} from '../config/index.ts';
import {
  type ConversationWorkspaceStore,
  createEngine,
  type Engine,
  type EngineLog,
  type TranscriptStore,
} from '../engine/index.ts';
import type { Approver } from '../turn/index.ts';
import { engineSettings } from './engine-settings.ts';
import { protectedPaths, protectedPorts } from './protect-server.ts';

export interface EngineParts {
  readonly transcripts: TranscriptStore;
  readonly conversationWorkspaces: ConversationWorkspaceStore;
  readonly log: EngineLog;
  readonly approver: Approver;
}

/** Claude Code as the configuration wants it. Without parts it only starts, to see whether it can. */
export function startEngine(config: Config, start: StartEnvironment, parts?: EngineParts): Engine {
  const { variables } = start;
  return createEngine({
    ...engineSettings(config),
    ...(parts === undefined && { warmSpares: 0 }),
    environment: engineEnvironment(variables),
    credentialInEnvironment: hasCredentialInEnvironment(variables) !== undefined,
    transcripts: parts?.transcripts ?? noTranscripts,
    log: parts?.log ?? noLog,
    dataDir: config.paths.data,
    workspaceRoot: config.paths.workspaces,
    conversationWorkspaces: parts?.conversationWorkspaces ?? noConversationWorkspaces,
    commitRuns: config.workspaces.commits,
    maxFileBytes: config.files.maxBytes,
    sandbox: config.engine.sandbox,
    protectedPaths: protectedPaths(config, start),
    protectedPorts: protectedPorts(config),
    ...(parts && { approver: parts.approver }),
  });
}

const noLog: EngineLog = { debug: () => {}, info: () => {}, warn: () => {} };

const noTranscripts: TranscriptStore = {
  createSession: async () => {},
  appendEntries: async () => {},
  loadEntries: async () => null,
  savePoint: async () => {},
  findPoint: async () => null,
  deleteSessionsIdleSince: async () => 0,
};

const noConversationWorkspaces: ConversationWorkspaceStore = {
  find: async () => null,
  save: async () => {},
  deleteIdleSince: async () => 0,
};

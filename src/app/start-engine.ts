import {
  type Config,
  engineEnvironment,
  hasCredentialInEnvironment,
  type RawEnvironment,
} from '../config/index.ts';
import { createEngine, type Engine, type EngineLog, type TranscriptStore } from '../engine/index.ts';
import { engineSettings } from './engine-settings.ts';

export interface EngineParts {
  readonly transcripts: TranscriptStore;
  readonly log: EngineLog;
}

/** Claude Code as the configuration wants it. Without parts it only starts, to see whether it can. */
export function startEngine(config: Config, variables: RawEnvironment, parts?: EngineParts): Engine {
  return createEngine({
    ...engineSettings(config),
    ...(parts === undefined && { warmSpares: 0 }),
    environment: engineEnvironment(variables),
    credentialInEnvironment: hasCredentialInEnvironment(variables) !== undefined,
    transcripts: parts?.transcripts ?? noTranscripts,
    log: parts?.log ?? noLog,
    dataDir: config.paths.data,
    workspaceRoot: config.paths.workspaces,
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

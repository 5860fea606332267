export { createEngine, type EngineLog, type EngineOptions } from './create-engine.ts';
export type { CredentialStatus, Engine, EngineModel, EngineStatus, PoolStatus } from './engine.ts';
export type {
  FoundPoint,
  TranscriptEntry,
  TranscriptPoint,
  TranscriptSession,
  TranscriptStore,
} from './ports.ts';

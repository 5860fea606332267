export { createEngine, type EngineOptions } from './create-engine.ts';
export type { Engine, EngineStatus } from './engine.ts';
export type { TranscriptStore } from './ports.ts';

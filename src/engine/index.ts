export { probeSandbox, type SandboxStatus } from './claude/probe-sandbox.ts';
export { builtInToolNames } from './claude/refuse-tool-clash.ts';
export { createEngine, type EngineLog, type EngineOptions } from './create-engine.ts';
export type { Engine, EngineSettings, EngineStatus } from './engine.ts';
export type { TranscriptStore } from './ports.ts';
export { isText, mediaTypeOf } from './workspace/files/media-type.ts';
export { zipFiles } from './workspace/files/zip-files.ts';

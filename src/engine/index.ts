export { probeSandbox } from './claude/probe-sandbox.ts';
export { builtInToolNames } from './claude/refuse-tool-clash.ts';
export { createEngine, type EngineLog, type EngineOptions } from './create-engine.ts';
export type { Engine, EngineSettings, EngineStatus } from './engine.ts';
export type { ConversationWorkspaceStore, TranscriptStore } from './ports.ts';
export type { BrowsedWorkspace } from './workspace/browse-workspaces.ts';
export { isText, mediaTypeOf, mediaTypeOfName } from './workspace/files/media-type.ts';
export { WorkspaceFileError } from './workspace/files/workspace-file-error.ts';
export { zipFiles } from './workspace/files/zip-files.ts';

import { isJsonObject, type Json, type JsonObject } from '../../../turn/index.ts';

/** What a call of a tool may do to the workspace. */
export type ToolEffect =
  /** It writes the one file that it names. */
  | { readonly kind: 'file'; readonly path: string }
  /** It may write anything. */
  | { readonly kind: 'command' }
  | { readonly kind: 'nothing' };

/** Where the tools that write one file name it. */
const fileParameter: Readonly<Record<string, string>> = {
  Write: 'file_path',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  NotebookEdit: 'notebook_path',
};

/** Claude Code's own tools that leave files alone. Those of subagents count by themselves. */
const harmlessTools: ReadonlySet<string> = new Set([
  'Read',
  'Glob',
  'Grep',
  'LS',
  'NotebookRead',
  'WebFetch',
  'WebSearch',
  'TodoWrite',
  'TodoRead',
  'Task',
  'Agent',
  'Skill',
  'ToolSearch',
  'StructuredOutput',
  'AskUserQuestion',
  'EnterPlanMode',
  'ExitPlanMode',
  'ListMcpResourcesTool',
  'ReadMcpResourceTool',
  'ReadMcpResourceDirTool',
  'TaskCreate',
  'TaskGet',
  'TaskList',
  'TaskUpdate',
  'TaskStop',
  'TaskOutput',
  'BashOutput',
  'KillShell',
]);

/** What a call may do, by the tool's name as Claude Code knows it; a tool that is not known may do anything. */
export function effectOf(name: string, input: unknown): ToolEffect {
  const parameter = fileParameter[name];
  if (parameter !== undefined) {
    const path = isRecord(input) ? input[parameter] : undefined;
    return typeof path === 'string' ? { kind: 'file', path } : { kind: 'nothing' };
  }
  return harmlessTools.has(name) ? { kind: 'nothing' } : { kind: 'command' };
}

/** What the engine's structured result of a tool that writes a file says. */
export interface WrittenFile {
  /** As the tool names it. */
  readonly path: string;
  /** The text before; null: there was no file; undefined: it is not told. */
  readonly textBefore: string | null | undefined;
}

/** Reads the structured result of Write, Edit, MultiEdit or NotebookEdit; undefined for others. */
export function readStructuredResult(name: string, detail: Json | undefined): WrittenFile | undefined {
  if (fileParameter[name] === undefined || detail === undefined || !isJsonObject(detail)) return undefined;
  const path = text(detail, 'filePath') ?? text(detail, 'notebook_path');
  // An edit may be held back for somebody to look at; then nothing was written.
  if (path === undefined || detail['staged'] === true || typeof detail['error'] === 'string')
    return undefined;
  const before = text(detail, 'originalFile') ?? text(detail, 'original_file');
  return { path, textBefore: before ?? (detail['type'] === 'create' ? null : undefined) };
}

function text(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** How far a tool is. `open`: it waits for whoever asked. */
export type ToolState = 'running' | 'done' | 'failed' | 'open';

export interface ToolPart {
  readonly kind: 'tool';
  readonly id: string;
  readonly name: string;
  /** The MCP server; `claude_code` is the agent itself. Undefined: a tool of the client. */
  readonly server: string | undefined;
  /** The parsed JSON where it is JSON, else the text. */
  readonly input: unknown;
  /** Undefined: not told, or not yet. */
  readonly output: string | undefined;
  readonly state: ToolState;
}

export interface ApprovalPart {
  readonly kind: 'approval';
  readonly id: string;
  readonly name: string;
  readonly server: string;
  readonly input: unknown;
  /** Undefined: nobody has decided. */
  readonly approved: boolean | undefined;
}

/** A file that an answer names. */
export interface CitedFile {
  readonly path: string;
  readonly fileId: string;
  readonly containerId: string;
}

/** What an answer consists of, whichever dialect told it. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly cited: readonly CitedFile[] }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** What Chat Completions tell of the agent's tools: a line each. */
  | { readonly kind: 'activity'; readonly lines: readonly ActivityLine[] }
  | ToolPart
  | ApprovalPart
  | { readonly kind: 'note'; readonly text: string };

export interface ActivityLine {
  readonly tool: string;
  readonly detail: string;
}

/** The words of an answer, without what was thought and done. */
export function textOfParts(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n');
}

/** JSON where it is some; the text itself otherwise, such as while it is still coming. */
export function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

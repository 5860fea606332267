import type { Effort } from './effort.ts';
import type { JsonObject } from './json.ts';
import type { Message } from './message.ts';
import type { Profile } from './profile.ts';

/** What one request means, whichever dialect it came in. Plain data; nothing of HTTP or of the SDK. */
export interface Turn {
  /** Names this turn in logs and records. */
  readonly id: string;
  /** The request that it answers, as it is called in records; absent: as the turn. */
  readonly recordId?: string;
  /** Who asks. Opaque; processes, transcripts and workspaces never cross owners. */
  readonly owner: string;
  /** A model id or alias that the engine knows (dialect aliases are already resolved). */
  readonly model: string;
  readonly profile: Profile;
  /** The client's system text; empty if there is none. */
  readonly system: string;
  /** The whole conversation; the messages after the last assistant message are what is asked now. */
  readonly messages: readonly Message[];
  /**
   * The id of the turn that the last assistant message ended, where the client says so: then the conversation goes on
   * from just that turn, even if another looks the same. Absent: from whatever fits what the client can see.
   */
  readonly after?: string;
  /**
   * What the client says that it goes on with: a conversation that this server keeps, or a turn, whatever was said since.
   * Absent: the conversation is known by what was said alone.
   */
  readonly partOf?: { readonly type: 'conversation' | 'turn'; readonly id: string };
  /**
   * Asked beside a conversation: it goes on from nothing that is kept, and nothing goes on from it, so that neither its
   * process nor its transcript stays.
   */
  readonly aside?: boolean;
  /** A workspace of the owner's to work in, in place of the profile's; without effect where the profile has none. */
  readonly workspaceId?: string;
  /** Uploaded files that the conversation names, to be put into the workspace before the run; absent: none. */
  readonly attachedFiles?: readonly AttachedFile[];
  readonly tools: ToolSetup;
  /** Servers whose tools the agent may call by itself; absent: none. */
  readonly mcpServers?: readonly McpServer[];
  /** Calls of theirs, or of the agent's own tools (`agentServer`), that the client has approved since it was asked. */
  readonly approvedCalls?: readonly McpCall[];
  /** The client's dialect has a way to ask it for approval of a call. */
  readonly asksClient?: boolean;
  readonly output: OutputSetup;
  readonly reasoning: ReasoningSetup;
  readonly sampling: Sampling;
}

/** The model has been told its path. */
export interface AttachedFile {
  /** By which the server keeps it. */
  readonly id: string;
  /** As the client named it: for people, never for paths. */
  readonly filename: string;
  readonly mediaType: string;
  /** Where it belongs: relative to the workspace, with slashes. Of this file alone, whatever else is attached. */
  readonly path: string;
}

export interface ToolSetup {
  readonly tools: readonly ClientTool[];
  readonly choice: ToolChoice;
  /** False: at most one call in an assistant message. */
  readonly parallel: boolean;
  /** Most calls of the agent's own tools in the turn; further ones are declined. Absent: no limit. */
  readonly maxBuiltInCalls?: number;
}

/** A tool that runs at the client. Name and schema reach Claude untouched. */
export interface ClientTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
}

export type ToolChoice =
  | { readonly type: 'auto' | 'none' | 'required' }
  | { readonly type: 'named'; readonly name: string };

/** An MCP server that the client names. */
export interface McpServer {
  /** Unique within the turn; of the characters a-z, A-Z, 0-9, `_` and `-`. */
  readonly label: string;
  readonly url: string;
  /** Secrets: not for logs, not for answers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: all of its tools. */
  readonly allowedTools?: McpToolFilter;
  readonly approval: McpApprovalRule;
}

export interface McpToolFilter {
  readonly toolNames?: readonly string[];
  /** By the server's own annotation. */
  readonly readOnly?: boolean;
}

/** A tool that a filter names follows it, any other the default. */
export interface McpApprovalRule {
  readonly default: 'always' | 'never';
  readonly always?: McpToolFilter;
  readonly never?: McpToolFilter;
}

export interface McpCall {
  readonly server: string;
  readonly name: string;
  readonly arguments: JsonObject;
}

export interface OutputSetup {
  /** A JSON Schema that the answer must fit; absent for free text. */
  readonly schema?: JsonObject;
  /** Most output tokens of the turn; absent for the model's own limit. */
  readonly maxTokens?: number;
  /** The answer ends before the first of these; none of them is empty. */
  readonly stop: readonly string[];
}

export interface ReasoningSetup {
  /** Absent: the model's default. `none`: no thinking, or, of a model that cannot be kept from it, as little as it can. */
  readonly effort?: Effort | 'none';
}

/** Forwarded as they are; the decoder leaves out what the model would refuse. */
export interface Sampling {
  /** 0 to 1. */
  readonly temperature?: number;
  /** 0 to 1. */
  readonly topP?: number;
}

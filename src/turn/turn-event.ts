import type { ApprovalVerdict } from './approval.ts';
import type { FilesChanged } from './file-change.ts';
import type { Json, JsonObject } from './json.ts';
import type { McpCall } from './turn.ts';
import type { TurnError } from './turn-error.ts';
import type { Usage } from './usage.ts';

/**
 * What happens during a turn, in order. Exactly one terminal event (`done` or `error`) comes, as the last.
 * `started` comes before any text, thinking or call, when upstream has begun to answer; notices may come
 * before it. Text, thinking and argument deltas are the model's own, never re-sliced.
 */
export type TurnEvent =
  | TurnStarted
  /** A new block of the answer's text begins (the agent may say several, between tool calls). */
  | { readonly type: 'text.started' }
  | { readonly type: 'text.delta'; readonly text: string }
  /** The answer so far did not fit the schema and the engine asks for it anew: forget its text. */
  | { readonly type: 'text.reset' }
  | { readonly type: 'thinking.started' }
  | { readonly type: 'thinking.delta'; readonly text: string }
  /** A call of a client tool: the client runs it and answers with its next request. */
  | { readonly type: 'client-call.started'; readonly callId: string; readonly name: string }
  | { readonly type: 'client-call.delta'; readonly callId: string; readonly argumentsDelta: string }
  /** Comes once the call's arguments are whole; the deltas of the call, joined, are its JSON text. */
  | {
      readonly type: 'client-call.done';
      readonly callId: string;
      readonly name: string;
      readonly arguments: JsonObject;
    }
  /**
   * A call of a tool of the client's MCP servers, or of the agent's own (`agentServer`), waits for the client's approval; it
   * is not made in this turn.
   */
  | ({ readonly type: 'approval.requested'; readonly callId: string } & McpCall)
  | ApprovalAsked
  | ApprovalAnswered
  | ToolStarted
  | ToolDone
  /** What the turn took so far, after an upstream call; only where more follows. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | FilesChanged
  | Notice
  | TurnDone
  | { readonly type: 'error'; readonly error: TurnError; readonly usage: Usage };

export interface TurnStarted {
  readonly type: 'started';
  /** The exact model that answers, as upstream names it. */
  readonly model: string;
  readonly source: TurnSource;
}

/** Where the conversation came from: see ARCHITECTURE.md's three tiers. */
export type TurnSource = 'live' | 'stored' | 'synthesised' | 'new';

/** A call of one of the agent's own tools waits until somebody at this server has answered. */
export interface ApprovalAsked {
  readonly type: 'approval.asked';
  readonly approvalId: string;
  readonly callId: string;
  readonly name: string;
  readonly input: JsonObject;
  /** Milliseconds since 1970; then it is denied. */
  readonly expiresAt: number;
}

/** Comes after each `approval.asked`. */
export interface ApprovalAnswered extends Pick<ApprovalVerdict, 'outcome' | 'by'> {
  readonly type: 'approval.answered';
  readonly approvalId: string;
  readonly callId: string;
  readonly name: string;
}

/** A built-in tool of the agent begins to run. */
export interface ToolStarted {
  readonly type: 'tool.started';
  readonly callId: string;
  readonly name: string;
  /** The label of the MCP server that has the tool; absent for Claude Code's own. */
  readonly server?: string;
  readonly input: JsonObject;
  /** The call of the subagent that runs it; absent for the main agent. */
  readonly parentCallId?: string;
}

export interface ToolDone {
  readonly type: 'tool.done';
  readonly callId: string;
  readonly name: string;
  readonly server?: string;
  readonly isError: boolean;
  /** What the model was told. */
  readonly output: string;
  /** The engine's structured result, for instance the patch of an edit. */
  readonly detail?: Json;
  readonly parentCallId?: string;
}

export interface Notice {
  readonly type: 'notice';
  readonly code: 'upstream_retry' | 'context_compacted' | 'tool_denied' | 'max_turns_reached';
  readonly message: string;
}

export type StopReason =
  /** The model finished. */
  | 'end'
  /** A stop sequence of the client was reached. */
  | 'stop-sequence'
  /** The token limit was reached. */
  | 'length'
  /** The client has to run tools, or to approve calls, now. */
  | 'client-calls'
  /** The model declined to answer. */
  | 'refusal';

export interface TurnDone {
  readonly type: 'done';
  readonly stopReason: StopReason;
  readonly usage: Usage;
}

import { canonicalJson, type JsonObject } from './json.ts';
import type { McpCall } from './turn.ts';

/** The name under which clients are told of the agent's own tools, as if they were of a server. */
export const agentServer = 'claude_code';

/** Asks somebody at this server whether a call may be made. */
export interface Approver {
  /** Never throws. Aborting the signal takes the question back. */
  ask(question: ApprovalQuestion, signal: AbortSignal): PendingAnswer;
}

export interface ApprovalQuestion {
  /** Of the request whose run it is. */
  readonly recordId: string;
  readonly turnId: string;
  readonly owner: string;
  readonly callId: string;
  /** Of one of the agent's own tools. */
  readonly name: string;
  readonly input: JsonObject;
}

export interface PendingAnswer {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Never rejects. */
  readonly answer: Promise<ApprovalVerdict>;
}

export interface ApprovalVerdict {
  /** `expired`: nobody answered in time; `withdrawn`: the run ended first. */
  readonly outcome: 'allow' | 'allow_for_run' | 'deny' | 'expired' | 'withdrawn';
  /** Who answered; null: nobody. */
  readonly by: string | null;
  /** For the agent, with a denial. */
  readonly message?: string;
}

/**
 * How the assistant's message tells of a call of the agent's own tool that waits for the client's approval. What the agent
 * said and what the client's next request is read as must be the same words: the conversation is found by them.
 */
export function describeAskedCall({ name, arguments: args }: Pick<McpCall, 'name' | 'arguments'>): string {
  return `[Waits for the user’s approval: ${name} ${canonicalJson(args)}]`;
}

/** Whether both are the same call of the same tool, with the same arguments. */
export function isSameCall(one: McpCall, other: McpCall): boolean {
  return (
    one.server === other.server &&
    one.name === other.name &&
    canonicalJson(one.arguments) === canonicalJson(other.arguments)
  );
}

import type { McpServerConfig } from '@anthropic-ai/claude-agent-sdk';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { ClientTool, TextPart, ToolResultPart } from '../../turn/index.ts';

/** What Claude Code knows the server of the client's tools by. */
export const clientServerName = 'claudecode-api-client';

/** A result that Claude Code passes on as it is. Of a picture it would keep a file, and tell the model its path beside it. */
interface TextResult extends ToolResultPart {
  readonly content: readonly TextPart[];
}

/** The results, if there is nothing but text in them; else undefined. */
export function asTextResults(results: readonly ToolResultPart[]): readonly TextResult[] | undefined {
  return results.every(isTextResult) ? results : undefined;
}

function isTextResult(result: ToolResultPart): result is TextResult {
  return result.content.every((part) => part.type === 'text');
}

/**
 * The client's tools as Claude Code sees them: an in-process MCP server whose calls are parked until the
 * client's next request brings their results. The low-level server passes the client's JSON Schema untouched.
 */
export class ClientTools {
  readonly #tools: readonly ClientTool[];
  readonly #parked = new Map<string, (result: CallToolResult) => void>();
  readonly #early = new Map<string, CallToolResult>();

  constructor(tools: readonly ClientTool[]) {
    this.#tools = tools;
  }

  has(name: string): boolean {
    return this.#tools.some((tool) => tool.name === name);
  }

  /** The entry for the SDK's `mcpServers`; empty without tools, which saves the handshake. */
  servers(): Record<string, McpServerConfig> {
    if (this.#tools.length === 0) return {};
    const server = new Server({ name: clientServerName, version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: this.#tools.map(describe) }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      const callId = params._meta?.['claudecode/toolUseId'];
      if (typeof callId !== 'string') throw new Error('Claude Code did not say which call this is');
      return this.#park(callId);
    });
    // The SDK's type names the high-level class; it uses only `connect`, which both have.
    const instance = server as unknown as Extract<McpServerConfig, { instance: unknown }>['instance'];
    return { [clientServerName]: { type: 'sdk', name: clientServerName, instance } };
  }

  /** Hands the client's results to the parked calls, also to those whose handler is yet to be called. */
  resolve(results: readonly TextResult[]): void {
    for (const { callId, content } of results) this.#settle(callId, { content: content.map(toMcpContent) });
  }

  /** Answers calls that the client will never hear of. */
  refuse(callIds: readonly string[]): void {
    const text = 'This tool belongs to the user’s client and can only be called by the main agent.';
    for (const callId of callIds) this.#settle(callId, { content: [{ type: 'text', text }], isError: true });
  }

  #settle(callId: string, result: CallToolResult): void {
    const parked = this.#parked.get(callId);
    if (parked === undefined) this.#early.set(callId, result);
    else {
      this.#parked.delete(callId);
      parked(result);
    }
  }

  #park(callId: string): Promise<CallToolResult> | CallToolResult {
    const early = this.#early.get(callId);
    if (early !== undefined) {
      this.#early.delete(callId);
      return early;
    }
    return new Promise((resolve) => {
      this.#parked.set(callId, resolve);
    });
  }
}

function describe({ name, description, inputSchema }: ClientTool): Tool {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: { ...inputSchema, type: 'object' },
    // Claude Code runs the parallel calls of read-only tools at once, others one after the other.
    annotations: { readOnlyHint: true },
    // Offered to the model as it is, not behind tool search.
    _meta: { 'anthropic/alwaysLoad': true },
  };
}

function toMcpContent({ text }: TextPart): CallToolResult['content'][number] {
  return { type: 'text', text };
}

import type { CanUseTool, McpServerConfig, McpServerStatus } from '@anthropic-ai/claude-agent-sdk';
import {
  canonicalJson,
  type JsonObject,
  type McpCall,
  type McpServer,
  type McpToolFilter,
} from '../../turn/index.ts';

/** A tool of one of the client's MCP servers, as Claude Code offers it to the model. */
export interface RemoteTool {
  readonly server: McpServer;
  readonly name: string;
  readonly readOnly: boolean;
}

/** The tools of the MCP servers that a client named: which there are, which are allowed, which need approval. */
export class RemoteTools {
  readonly #servers: readonly McpServer[];
  readonly #tools = new Map<string, RemoteTool>();
  #approved: readonly McpCall[] = [];

  constructor(servers: readonly McpServer[]) {
    this.#servers = servers;
  }

  get isEmpty(): boolean {
    return this.#servers.length === 0;
  }

  /** True where some calls have to wait for the client. */
  get asks(): boolean {
    return this.#servers.some(
      ({ approval }) => approval.default === 'always' || approval.always !== undefined,
    );
  }

  /** For the engine; once the tools are known, with those that it must ask about before each call. */
  configs(): Record<string, McpServerConfig> {
    return Object.fromEntries(
      this.#servers.map((server) => [
        server.label,
        {
          type: 'http',
          url: server.url,
          headers: { ...server.headers },
          tools: this.#askedOf(server).map((name) => ({ name, permission_policy: 'always_ask' })),
        },
      ]),
    );
  }

  /** Learns the servers' tools. Returns, by the names that the model knows, which the client allowed and which not. */
  connected(statuses: readonly McpServerStatus[]): { allow: string[]; deny: string[] } {
    const deny: string[] = [];
    for (const server of this.#servers)
      for (const tool of statuses.find(({ name }) => name === server.label)?.tools ?? []) {
        const fullName = `mcp__${server.label}__${tool.name.replace(/[^a-zA-Z0-9_-]/g, '_')}`;
        const known = { server, name: tool.name, readOnly: tool.annotations?.readOnly ?? false };
        if (server.allowedTools !== undefined && !matches(server.allowedTools, known)) deny.push(fullName);
        else this.#tools.set(fullName, known);
      }
    return { allow: [...this.#tools.keys()], deny };
  }

  /** By the name that the model calls it by. */
  find(fullName: string): RemoteTool | undefined {
    return this.#tools.get(fullName);
  }

  /** From now on these calls need no further approval. */
  approve(calls: readonly McpCall[]): void {
    this.#approved = calls;
  }

  needsApproval(fullName: string, input: JsonObject): boolean {
    const tool = this.#tools.get(fullName);
    if (tool === undefined || !isAsked(tool)) return false;
    return !this.#approved.some((call) => isSame(call, tool.server.label, tool.name, input));
  }

  /**
   * Answers the engine's question before a call. One that needs approval is held until its process is ended: the turn
   * ends there, and the client is asked.
   */
  readonly decide: CanUseTool = (fullName, input) => {
    if (this.#tools.get(fullName) === undefined)
      return Promise.resolve({ behavior: 'deny', message: 'Nobody is here to approve this.' });
    return this.needsApproval(fullName, input as JsonObject)
      ? new Promise(() => {})
      : Promise.resolve({ behavior: 'allow', updatedInput: input });
  };

  #askedOf(server: McpServer): string[] {
    return [...this.#tools.values()]
      .filter((tool) => tool.server === server && isAsked(tool))
      .map(({ name }) => name);
  }
}

function isAsked(tool: RemoteTool): boolean {
  const { approval } = tool.server;
  if (matches(approval.always, tool)) return true;
  if (matches(approval.never, tool)) return false;
  return approval.default === 'always';
}

function matches(filter: McpToolFilter | undefined, tool: RemoteTool): boolean {
  if (filter === undefined) return false;
  const byName = filter.toolNames?.includes(tool.name) ?? filter.readOnly !== undefined;
  const byKind = filter.readOnly === undefined || filter.readOnly === tool.readOnly;
  return byName && byKind;
}

function isSame(call: McpCall, server: string, name: string, input: JsonObject): boolean {
  return (
    call.server === server && call.name === name && canonicalJson(call.arguments) === canonicalJson(input)
  );
}

import type { McpServerConfig, McpServerStatus } from '@anthropic-ai/claude-agent-sdk';
import {
  isSameCall,
  type JsonObject,
  type McpCall,
  type McpServer,
  type McpToolFilter,
  type ProfileMcpServer,
  TurnError,
} from '../../turn/index.ts';
import { operatorServerConfig } from './operator-servers.ts';

/** A tool of an MCP server, as Claude Code offers it to the model. */
export interface RemoteTool {
  readonly server: { readonly label: string };
  readonly name: string;
  readonly readOnly: boolean;
}

/** The tools of the MCP servers that a client or the operator named: which there are, which are allowed, which need approval. */
export class RemoteTools {
  readonly #servers: readonly McpServer[];
  readonly #operators: Readonly<Record<string, ProfileMcpServer>>;
  readonly #tools = new Map<string, RemoteTool>();
  /** The client's rules, for tools of its servers. */
  readonly #rules = new Map<RemoteTool, McpServer['approval']>();
  #approved: readonly McpCall[] = [];

  constructor(servers: readonly McpServer[], operators: Readonly<Record<string, ProfileMcpServer>> = {}) {
    this.#servers = servers;
    this.#operators = operators;
  }

  get isEmpty(): boolean {
    return this.#servers.length + Object.keys(this.#operators).length === 0;
  }

  /** True where some calls have to wait for the client. */
  get asks(): boolean {
    return this.#servers.some(
      ({ approval }) => approval.default === 'always' || approval.always !== undefined,
    );
  }

  /** For the engine; once the tools are known, with those that it must ask about before each call. */
  configs(): Record<string, McpServerConfig> {
    const operators = Object.entries(this.#operators).map(
      ([label, server]) => [label, operatorServerConfig(server)] as const,
    );
    const clients = this.#servers.map(({ label, url, headers }): [string, McpServerConfig] => [
      label,
      {
        type: 'http',
        url,
        headers: { ...headers },
        tools: this.#askedOf(label).map((name) => ({ name, permission_policy: 'always_ask' })),
      },
    ]);
    return Object.fromEntries([...operators, ...clients]);
  }

  /**
   * Learns the servers' tools. Returns, by the names that the model knows, which are allowed and which not.
   * @throws TurnError where a server cannot be used: `invalid_request` for the client's, `engine_failed` for the operator's.
   */
  connected(statuses: readonly McpServerStatus[]): { allow: string[]; deny: string[] } {
    const deny: string[] = [];
    for (const label of Object.keys(this.#operators))
      for (const [fullName, tool] of toolsOf(label, statuses, 'engine_failed'))
        this.#tools.set(fullName, tool);
    for (const { label, allowedTools, approval } of this.#servers)
      for (const [fullName, tool] of toolsOf(label, statuses, 'invalid_request')) {
        if (allowedTools !== undefined && !matches(allowedTools, tool)) deny.push(fullName);
        else {
          this.#tools.set(fullName, tool);
          this.#rules.set(tool, approval);
        }
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
    if (tool === undefined || !this.#isAsked(tool)) return false;
    const server = tool.server.label;
    return !this.#approved.some((call) => isSameCall(call, { server, name: tool.name, arguments: input }));
  }

  #askedOf(label: string): string[] {
    return [...this.#tools.values()]
      .filter((tool) => tool.server.label === label && this.#isAsked(tool))
      .map(({ name }) => name);
  }

  #isAsked(tool: RemoteTool): boolean {
    const rule = this.#rules.get(tool);
    if (rule === undefined) return false;
    if (matches(rule.always, tool)) return true;
    if (matches(rule.never, tool)) return false;
    return rule.default === 'always';
  }
}

function toolsOf(
  label: string,
  statuses: readonly McpServerStatus[],
  failure: 'engine_failed' | 'invalid_request',
): [string, RemoteTool][] {
  const status = statuses.find(({ name }) => name === label);
  if (status?.status !== 'connected') {
    const why = status?.error ?? status?.status ?? 'it was not taken';
    throw new TurnError(failure, `The MCP server '${label}' cannot be used: ${why}.`);
  }
  return (status.tools ?? []).map(({ name, annotations }) => [
    `mcp__${label}__${name.replace(/[^a-zA-Z0-9_-]/g, '_')}`,
    { server: { label }, name, readOnly: annotations?.readOnly ?? false },
  ]);
}

function matches(filter: McpToolFilter | undefined, tool: RemoteTool): boolean {
  if (filter === undefined) return false;
  const byName = filter.toolNames?.includes(tool.name) ?? filter.readOnly !== undefined;
  const byKind = filter.readOnly === undefined || filter.readOnly === tool.readOnly;
  return byName && byKind;
}

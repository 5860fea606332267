import { agentServer, type McpCall } from '../../turn/index.ts';
import { invalidValue } from '../errors.ts';
import { parseToolArguments } from '../parse-tool-arguments.ts';
import type { PlacedItem } from './decode-input-items.ts';
import type { McpApprovalRequestItem, McpApprovalResponseItem, StoredItem } from './items.ts';

/** Where the request that a decision answers may be found. */
export interface KnownItems {
  readonly history: readonly StoredItem[];
  readonly input: readonly PlacedItem[];
  readonly findItem: (id: string) => StoredItem | undefined;
}

/**
 * The calls of MCP servers that the user approved since the agent spoke last. An older decision was for its own
 * time: a client that sends the whole conversation again does not approve the same call again.
 */
export function decodeApprovedCalls(known: KnownItems): McpCall[] {
  const all = [...known.history, ...known.input.map(({ item }) => item)];
  const since = all.findLastIndex(isOfAgent) + 1;
  return known.input.flatMap(({ item, path }, index) => {
    const isNew = known.history.length + index >= since;
    if (item.type !== 'mcp_approval_response' || !item.approve || !isNew) return [];
    const { server_label: server, name, arguments: text } = findRequest(item, path, known);
    return [{ server, name, arguments: parseToolArguments(text, path).arguments }];
  });
}

/** The decision in words for the model, which has to make the call again. */
export function describeApproval(response: McpApprovalResponseItem, path: string, known: KnownItems): string {
  const request = findRequest(response, path, known);
  const { name, server_label: label } = request;
  const tool = label === agentServer ? `'${name}'` : `'${name}' of the MCP server '${label}'`;
  const call = `the call of the tool ${tool} with the arguments ${request.arguments}`;
  const reason = response.reason === undefined ? '' : ` Their reason: ${response.reason}`;
  return response.approve
    ? `The user approved ${call}. Make it now, exactly so.${reason}`
    : `The user declined ${call}. Do not make it.${reason}`;
}

function findRequest(
  response: McpApprovalResponseItem,
  path: string,
  { history, input, findItem }: KnownItems,
): McpApprovalRequestItem {
  const id = response.approval_request_id;
  const inSight = [...history, ...input.map(({ item }) => item)].find((item) => item.id === id);
  const request = inSight ?? findItem(id);
  if (request?.type === 'mcp_approval_request') return request;
  throw invalidValue(
    `${path}.approval_request_id`,
    `Invalid '${path}.approval_request_id': there is no approval request '${id}'.`,
  );
}

function isOfAgent(item: StoredItem): boolean {
  switch (item.type) {
    case 'message':
      return item.role === 'assistant';
    case 'reasoning':
    case 'function_call':
    case 'custom_tool_call':
    case 'mcp_call':
    case 'mcp_approval_request':
    case 'web_search_call':
    case 'code_interpreter_call':
      return true;
    default:
      return false;
  }
}

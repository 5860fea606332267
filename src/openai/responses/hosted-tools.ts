import { z } from 'zod';
import {
  agentServer,
  isJsonObject,
  type McpApprovalRule,
  type McpServer,
  type McpToolFilter,
} from '../../turn/index.ts';
import { badRequest, invalidValue, unsupportedParameter, type WireError } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { formatPath, parseBody } from '../parse-body.ts';

/** Tools of the request that run at the server, as part of the agent's work. */
export interface HostedTools {
  readonly codeInterpreter: boolean;
  readonly webSearch: boolean;
  readonly shell: boolean;
  readonly mcpServers: readonly McpServer[];
  /** The client's own, for the code to run in; absent: the server chooses. */
  readonly container?: NamedContainer;
}

export interface NamedContainer {
  readonly id: string;
  /** Where it stands in the request. */
  readonly param: string;
}

export const noHostedTools: HostedTools = {
  codeInterpreter: false,
  webSearch: false,
  shell: false,
  mcpServers: [],
};

export type HostedKind = 'codeInterpreter' | 'webSearch' | 'shell' | 'mcp';

/** The kind by `type`, dated and preview forms included; undefined for any other tool. */
export function hostedKind(type: string): HostedKind | undefined {
  if (/^web_search(?:_preview)?(?:_\d{4}_\d{2}_\d{2})?$/.test(type)) return 'webSearch';
  if (type === 'shell' || type === 'local_shell') return 'shell';
  if (type === 'code_interpreter') return 'codeInterpreter';
  return type === 'mcp' ? 'mcp' : undefined;
}

const filter = z.looseObject({
  tool_names: z.array(z.string()).nullish(),
  read_only: z.boolean().nullish(),
});

/** Servers that are there already: the client's own tools, and the name for the agent's. */
const reservedLabels = ['client', agentServer];

const mcpTool = z.looseObject({
  server_label: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,64}$/, "expected 1 to 64 of the characters a-z, A-Z, 0-9, '_' and '-'")
    .refine((label) => !reservedLabels.includes(label), 'the label is reserved'),
  server_url: z.string().nullish(),
  connector_id: z.string().nullish(),
  tunnel_id: z.string().nullish(),
  authorization: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  allowed_tools: z.union([z.array(z.string()), filter]).nullish(),
  require_approval: z
    .union([
      z.enum(['always', 'never']),
      z.looseObject({ always: filter.nullish(), never: filter.nullish() }),
    ])
    .nullish(),
});
type McpToolBody = z.output<typeof mcpTool>;

/** `place` is where the tool stands in the request. OpenAI's default is to ask for approval always. */
export function decodeMcpServer(tool: unknown, place: readonly PropertyKey[]): McpServer {
  const body = parseBody(mcpTool, tool, place);
  const path = formatPath(place);
  for (const field of ['connector_id', 'tunnel_id'] as const) {
    if (!body[field]) continue;
    const message = `'${field}' is not supported: there are no connectors here; name a server by 'server_url'.`;
    throw unsupportedParameter(`${path}.${field}`, message);
  }
  const url = body.server_url ?? '';
  if (!/^https?:\/\//i.test(url)) {
    throw invalidValue(`${path}.server_url`, `Invalid '${path}.server_url': expected an http(s) URL.`);
  }
  const allowed = body.allowed_tools;
  const authorization: Record<string, string> = body.authorization
    ? { authorization: `Bearer ${body.authorization}` }
    : {};
  return {
    label: body.server_label,
    url,
    headers: { ...authorization, ...body.headers },
    ...(allowed && { allowedTools: Array.isArray(allowed) ? { toolNames: allowed } : decodeFilter(allowed) }),
    approval: decodeApproval(body.require_approval),
  };
}

function decodeApproval(rule: McpToolBody['require_approval']): McpApprovalRule {
  if (rule === null || rule === undefined) return { default: 'always' };
  if (typeof rule === 'string') return { default: rule };
  return {
    default: 'always',
    ...(rule.always && { always: decodeFilter(rule.always) }),
    ...(rule.never && { never: decodeFilter(rule.never) }),
  };
}

function decodeFilter({ tool_names, read_only }: z.output<typeof filter>): McpToolFilter {
  return {
    ...(tool_names ? { toolNames: tool_names } : {}),
    ...(typeof read_only === 'boolean' ? { readOnly: read_only } : {}),
  };
}

/** The container that a tool names: the code interpreter by its id, the shell by a reference. */
export function namedContainer(
  tool: Readonly<Record<string, unknown>>,
  path: string,
): NamedContainer | undefined {
  const { container, environment } = tool;
  if (typeof container === 'string') return { id: container, param: `${path}.container` };
  if (!isJsonObject(environment) || environment['type'] !== 'container_reference') return undefined;
  const id = environment['container_id'];
  return typeof id === 'string' ? { id, param: `${path}.environment.container_id` } : undefined;
}

/** Settings of a hosted tool that have no effect. */
export function reportHostedSettings(
  tool: Readonly<Record<string, unknown>>,
  path: string,
): IgnoredParameter[] {
  const named = namedContainer(tool, path);
  const fields = [
    'filters',
    'user_location',
    'search_context_size',
    'container',
    'environment',
    'server_description',
  ];
  return fields.flatMap((field) => {
    const value = tool[field];
    const isDefault =
      named?.param === `${path}.${field}` ||
      named?.param.startsWith(`${path}.${field}.`) ||
      value === undefined ||
      value === null ||
      value === 'medium' ||
      (typeof value === 'object' && Object.keys(value).join() === 'type');
    const reason = 'Claude Code has the tool in a form of its own, without such a setting.';
    return isDefault ? [] : [{ param: `${path}.${field}`, reason }];
  });
}

export function unsupportedTool(type: string, param: string): WireError {
  return badRequest(
    `The tool '${type}' is not supported. Supported are: 'function', 'custom', 'namespace', 'web_search', ` +
      "'code_interpreter', 'shell' and 'mcp'.",
    param,
    'unsupported_tool',
  );
}

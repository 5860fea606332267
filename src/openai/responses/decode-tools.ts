import type { ClientTool, JsonObject, McpServer, ToolChoice } from '../../turn/index.ts';
import {
  customDefinition,
  decodeCustom,
  decodeFunction,
  functionDefinition,
  requireUniqueNames,
} from '../decode-client-tool.ts';
import { invalidValue } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { formatPath, parseBody } from '../parse-body.ts';
import { decodeToolChoice, type EchoedToolChoice } from './decode-tool-choice.ts';
import {
  type EchoedCustom,
  type EchoedFunction,
  type EchoedTool,
  echoCustom,
  echoFunction,
  echoHosted,
} from './echo-tools.ts';
import {
  decodeMcpServer,
  type HostedTools,
  hostedKind,
  type NamedContainer,
  namedContainer,
  reportHostedSettings,
  unsupportedTool,
} from './hosted-tools.ts';
import type { AdditionalToolsItem } from './items.ts';
import { namespaceTool } from './namespace-tool-schema.ts';
import type { WireToolChoice } from './responses-request-schema.ts';
import { type NamespacedName, ToolNames } from './tool-names.ts';

export interface ToolsRequest {
  readonly tools: readonly WireTool[];
  readonly toolChoice: WireToolChoice | null | undefined;
  /** Tools that items of the conversation bring, oldest first. */
  readonly additional: readonly BroughtTools[];
}

export interface BroughtTools {
  readonly tools: AdditionalToolsItem['tools'];
  /** Of the item in the request. */
  readonly path: string;
}

type WireTool = Readonly<Record<string, unknown>> & { readonly type: string };

export interface DecodedTools {
  readonly tools: readonly ClientTool[];
  readonly choice: ToolChoice;
  readonly hosted: HostedTools;
  /** Tools whose input is free text; Claude calls them with `{ input: text }`. */
  readonly customToolNames: ReadonlySet<string>;
  readonly namespaces: ReadonlyMap<string, NamespacedName>;
  readonly names: ToolNames;
  readonly echo: readonly EchoedTool[];
  readonly echoedChoice: EchoedToolChoice;
  readonly ignored: readonly IgnoredParameter[];
}

export function decodeTools(request: ToolsRequest): DecodedTools {
  const brought = request.additional.map(({ tools, path }) => ({ tools: tools.filter(isTyped), path }));
  const reader = new ToolReader(plainNames([...request.tools, ...brought.flatMap(({ tools }) => tools)]));
  const echo = request.tools.map((tool, index) => reader.read(tool, ['tools', index]));
  requireUniqueNames(reader.tools, 'tools');
  requireUniqueLabels(reader.mcpServers);
  for (const { tools, path } of brought) {
    for (const [index, tool] of tools.entries()) reader.read(tool, [path, 'tools', index]);
  }
  const offered = reader.offered();
  const decided = decodeToolChoice(request.toolChoice, { ...offered, names: reader.names });
  return {
    tools: decided.tools,
    choice: decided.choice,
    hosted: decided.hosted,
    customToolNames: reader.customToolNames,
    namespaces: reader.names.namespaced,
    names: reader.names,
    echo,
    echoedChoice: decided.echo,
    ignored: [...reader.ignored, ...decided.ignored],
  };
}

type Path = readonly (string | number)[];

class ToolReader {
  readonly names: ToolNames;
  readonly tools: ClientTool[] = [];
  readonly customToolNames = new Set<string>();
  readonly mcpServers: McpServer[] = [];
  readonly ignored: IgnoredParameter[] = [];
  readonly #hosted = { codeInterpreter: false, webSearch: false, shell: false };
  #container: NamedContainer | undefined;

  constructor(plain: Iterable<string>) {
    this.names = new ToolNames(plain);
  }

  /** Of several tools of one name the last: an item that brings tools comes with every request anew. */
  offered(): { readonly tools: readonly ClientTool[]; readonly hosted: HostedTools } {
    const byName = new Map(this.tools.map((tool) => [tool.name, tool] as const));
    const byLabel = new Map(this.mcpServers.map((server) => [server.label, server] as const));
    const container = this.#container && { container: this.#container };
    return {
      tools: [...byName.values()],
      hosted: { ...this.#hosted, mcpServers: [...byLabel.values()], ...container },
    };
  }

  read(tool: WireTool, path: Path): EchoedTool {
    switch (tool.type) {
      case 'function':
      case 'custom':
        return this.#readOwn(tool, path, undefined);
      case 'namespace':
        return this.#readNamespace(tool, path);
      case 'tool_search': {
        const reason = 'All tools are offered from the start; nothing has to be searched for.';
        this.ignored.push({ param: formatPath(path), reason });
        return echoHosted(tool.type, tool);
      }
      default:
        return this.#readHosted(tool, path);
    }
  }

  #readOwn(tool: WireTool, path: Path, namespace: string | undefined): EchoedFunction | EchoedCustom {
    const place = formatPath(path);
    const flat = (name: string) => (namespace === undefined ? name : this.names.flatten(namespace, name));
    if (tool.type === 'custom') {
      const definition = parseBody(customDefinition, tool, path);
      const decoded = decodeCustom({ ...definition, name: flat(definition.name) }, place);
      this.tools.push(decoded);
      this.customToolNames.add(decoded.name);
      return echoCustom(definition);
    }
    const definition = parseBody(functionDefinition, tool, path);
    const decoded = decodeFunction({ ...definition, name: flat(definition.name) }, place);
    this.tools.push(decoded);
    this.customToolNames.delete(decoded.name);
    const isReported = this.ignored.some(({ param }) => param === 'tools[].strict');
    if (definition.strict === true && !isReported) {
      const reason = 'Claude follows the schema but is not forced to.';
      this.ignored.push({ param: 'tools[].strict', reason });
    }
    return echoFunction(definition, decoded);
  }

  #readNamespace(tool: WireTool, path: Path): EchoedTool {
    const { name, description, tools } = parseBody(namespaceTool, tool, path);
    const echoed = (tools ?? []).map((inner, index) => this.#readOwn(inner, [...path, 'tools', index], name));
    return { type: 'namespace', name, description: description ?? '', tools: echoed };
  }

  /** A run works in one place. */
  #nameContainer(tool: WireTool, path: string): void {
    const named = namedContainer(tool, path);
    if (named === undefined) return;
    if (this.#container !== undefined && this.#container.id !== named.id) {
      const message = `Invalid '${named.param}': another tool of the request names the container '${this.#container.id}'.`;
      throw invalidValue(named.param, message);
    }
    this.#container ??= named;
  }

  #readHosted(tool: WireTool, path: Path): EchoedTool {
    const kind = hostedKind(tool.type);
    if (kind === undefined) throw unsupportedTool(tool.type, `${formatPath(path)}.type`);
    this.ignored.push(...reportHostedSettings(tool, formatPath(path)));
    if (kind === 'mcp') this.mcpServers.push(decodeMcpServer(tool, path));
    else this.#hosted[kind] = true;
    if (kind === 'codeInterpreter' || kind === 'shell') this.#nameContainer(tool, formatPath(path));
    return echoHosted(tool.type, tool);
  }
}

function plainNames(tools: readonly WireTool[]): string[] {
  return tools.flatMap(({ type, name }) =>
    (type === 'function' || type === 'custom') && typeof name === 'string' ? [name] : [],
  );
}

function isTyped(tool: JsonObject): tool is JsonObject & WireTool {
  return typeof tool['type'] === 'string';
}

function requireUniqueLabels(servers: readonly McpServer[]): void {
  const seen = new Set<string>();
  for (const { label } of servers) {
    if (seen.has(label)) {
      throw invalidValue('tools', `Invalid 'tools': the server_label '${label}' is used twice.`);
    }
    seen.add(label);
  }
}

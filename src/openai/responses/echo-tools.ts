import { type ClientTool, isJsonObject, type JsonObject } from '../../turn/index.ts';
import type { CustomDefinition, FunctionDefinition } from '../decode-client-tool.ts';

/** A tool as the response tells it back. */
export type EchoedTool = EchoedFunction | EchoedCustom | EchoedNamespace | EchoedHosted;

export interface EchoedFunction {
  readonly type: 'function';
  readonly name: string;
  readonly description: string | null;
  readonly parameters: JsonObject;
  readonly strict: boolean;
}

export interface EchoedCustom {
  readonly type: 'custom';
  readonly name: string;
  readonly description?: string;
  readonly format:
    | { readonly type: 'text' }
    | { readonly type: 'grammar'; readonly syntax: 'lark' | 'regex'; readonly definition: string };
}

export interface EchoedNamespace {
  readonly type: 'namespace';
  readonly name: string;
  readonly description: string;
  readonly tools: readonly (EchoedFunction | EchoedCustom)[];
}

/** As the client sent it, without what is secret. */
export interface EchoedHosted extends JsonObject {
  readonly type: string;
}

export function echoFunction(definition: FunctionDefinition, tool: ClientTool): EchoedFunction {
  return {
    type: 'function',
    name: definition.name,
    description: definition.description ?? null,
    parameters: tool.inputSchema,
    strict: definition.strict ?? false,
  };
}

export function echoCustom({ name, description, format }: CustomDefinition): EchoedCustom {
  const definition = format?.grammar?.definition ?? format?.definition;
  const syntax = (format?.grammar?.syntax ?? format?.syntax) === 'regex' ? 'regex' : 'lark';
  return {
    type: 'custom',
    name,
    ...(description ? { description } : {}),
    format: definition ? { type: 'grammar', syntax, definition } : { type: 'text' },
  };
}

/** Headers and tokens of an MCP server never come back, nor the path of its URL, which may hold one. */
export function echoHosted(type: string, tool: unknown): EchoedHosted {
  const given = isJsonObject(tool) ? tool : {};
  if (type !== 'mcp') return { ...given, type };
  const { authorization: _, headers: __, server_url, ...rest } = given;
  return { ...rest, type, server_url: redactUrl(String(server_url)), headers: null };
}

function redactUrl(url: string): string {
  const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
  const host = origin.replace(/\/\/[^@]*@/, '//');
  return /^\/?$/.test(url.slice(origin.length)) ? host : `${host}/<redacted>`;
}

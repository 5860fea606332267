import { type ClientTool, isJsonObject, type JsonObject, type ToolChoice } from '../../turn/index.ts';
import { badRequest, invalidValue, unsupportedParameter } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { parseBody } from '../parse-body.ts';
import {
  type ChatRequestBody,
  type ChatTool,
  type CustomDefinition,
  customDefinition,
  type FunctionDefinition,
  functionDefinition,
} from './chat-request-schema.ts';
import { decodeFunctionCall, decodeToolChoice } from './decode-tool-choice.ts';

export interface DecodedTools {
  readonly tools: readonly ClientTool[];
  readonly choice: ToolChoice;
  readonly parallel: boolean;
  /** The client speaks the older `functions` and expects `function_call` in the answer. */
  readonly legacyFunctions: boolean;
  /** Tools whose input is free text; Claude calls them with `{ input: text }`. */
  readonly customToolNames: ReadonlySet<string>;
  readonly ignored: readonly IgnoredParameter[];
}

export function decodeTools(body: ChatRequestBody): DecodedTools {
  const functions = body.functions ?? [];
  const tools = body.tools ?? [];
  if (functions.length === 0) {
    const offered = tools.map(decodeTool);
    requireUniqueNames(offered, 'tools');
    const customTools = offered.filter((_, index) => tools[index]?.type === 'custom');
    return {
      ...decodeToolChoice(body.tool_choice, offered),
      parallel: body.parallel_tool_calls ?? true,
      legacyFunctions: false,
      customToolNames: new Set(customTools.map(({ name }) => name)),
      ignored: reportStrict(tools),
    };
  }
  if (tools.length > 0) {
    throw unsupportedParameter('functions', "'functions' and 'tools' cannot be used together; use 'tools'.");
  }
  const offered = functions.map((definition, index) => decodeFunction(definition, `functions[${index}]`));
  requireUniqueNames(offered, 'functions');
  return {
    tools: offered,
    choice: decodeFunctionCall(body.function_call, offered),
    // A legacy answer has room for one call only.
    parallel: false,
    legacyFunctions: true,
    customToolNames: new Set(),
    ignored: [],
  };
}

/** In the flat shape of the Responses API the definition's fields lie in the tool itself. */
function decodeTool(tool: ChatTool, index: number): ClientTool {
  const path = `tools[${index}]`;
  if (tool.type === 'function') {
    if (tool.function) return decodeFunction(tool.function, `${path}.function`);
    return decodeFunction(parseBody(functionDefinition, tool, ['tools', index]), path);
  }
  if (tool.custom) return decodeCustom(tool.custom, `${path}.custom`);
  return decodeCustom(parseBody(customDefinition, tool, ['tools', index]), path);
}

function decodeFunction(definition: FunctionDefinition, path: string): ClientTool {
  return {
    name: requireName(definition.name, path),
    ...(definition.description ? { description: definition.description } : {}),
    inputSchema: decodeParameters(definition.parameters ?? {}, `${path}.parameters`),
  };
}

/** Claude requires the schema to say that it is an object; clients leave it out for tools without parameters. */
function decodeParameters(parameters: unknown, path: string): JsonObject {
  const schema = isJsonObject(parameters) ? parameters : {};
  const type = schema['type'] ?? 'object';
  if (type !== 'object') {
    throw badRequest(
      `Invalid schema for '${path}': schema must be a JSON Schema of 'type: "object"', got 'type: ${JSON.stringify(type)}'.`,
      path,
      'invalid_function_parameters',
    );
  }
  if (Object.keys(schema).length === 0) return { type, properties: {} };
  return schema['type'] === type ? schema : { ...schema, type };
}

/** Claude has no free-text tools, so one becomes a tool with one text argument; a grammar can only be told. */
function decodeCustom(definition: CustomDefinition, path: string): ClientTool {
  const { format } = definition;
  const grammar = format?.grammar?.definition ?? format?.definition;
  const syntax = format?.grammar?.syntax ?? format?.syntax ?? 'lark';
  const description = [
    definition.description ?? '',
    grammar ? `The input must match this grammar (${syntax}):\n${grammar}` : '',
  ].filter((text) => text !== '');
  return {
    name: requireName(definition.name, path),
    ...(description.length > 0 ? { description: description.join('\n\n') } : {}),
    inputSchema: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
      required: ['input'],
    },
  };
}

function requireName(name: string, path: string): string {
  if (/^[a-zA-Z0-9_-]{1,128}$/.test(name)) return name;
  throw invalidValue(
    `${path}.name`,
    `Invalid '${path}.name': expected 1 to 128 of the characters a-z, A-Z, 0-9, '_' and '-', but got '${name}'.`,
  );
}

function requireUniqueNames(tools: readonly ClientTool[], param: string): void {
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) throw invalidValue(param, `Invalid '${param}': the name '${name}' is used twice.`);
    seen.add(name);
  }
}

function reportStrict(tools: readonly ChatTool[]): IgnoredParameter[] {
  if (!tools.some((tool) => (tool.function?.strict ?? tool['strict']) === true)) return [];
  return [{ param: 'tools[].function.strict', reason: 'Claude follows the schema but is not forced to.' }];
}

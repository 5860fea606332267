import { z } from 'zod';
import { type ClientTool, isJsonObject, type JsonObject } from '../turn/index.ts';
import { badRequest, invalidValue } from './errors.ts';

export const functionDefinition = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.looseObject({}).nullish(),
  strict: z.boolean().nullish(),
});
export const customDefinition = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  format: z
    .looseObject({
      type: z.string().nullish(),
      /** Chat nests the grammar, the flat shape of Responses does not. */
      grammar: z.looseObject({ syntax: z.string().nullish(), definition: z.string() }).nullish(),
      syntax: z.string().nullish(),
      definition: z.string().nullish(),
    })
    .nullish(),
});
export type FunctionDefinition = z.output<typeof functionDefinition>;
export type CustomDefinition = z.output<typeof customDefinition>;

/** `path` is where the definition stands in the request. */
export function decodeFunction(definition: FunctionDefinition, path: string): ClientTool {
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
export function decodeCustom(definition: CustomDefinition, path: string): ClientTool {
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

export function requireUniqueNames(tools: readonly ClientTool[], param: string): void {
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) throw invalidValue(param, `Invalid '${param}': the name '${name}' is used twice.`);
    seen.add(name);
  }
}

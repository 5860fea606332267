import type { ClientTool, ToolChoice } from '../../turn/index.ts';
import { invalidValue, missingField } from '../errors.ts';
import type { ChatRequestBody, ChatToolReference } from './chat-request-schema.ts';

export interface DecodedToolChoice {
  /** The tools that may be called; all, unless the choice names those that are allowed. */
  readonly tools: readonly ClientTool[];
  readonly choice: ToolChoice;
}

export function decodeToolChoice(
  choice: ChatRequestBody['tool_choice'],
  tools: readonly ClientTool[],
): DecodedToolChoice {
  if (choice === null || choice === undefined) return { tools, choice: { type: 'auto' } };
  if (choice === 'auto' || choice === 'none') return { tools, choice: { type: choice } };
  if (tools.length === 0) {
    throw invalidValue('tool_choice', "'tool_choice' is only allowed when 'tools' are specified.");
  }
  if (choice === 'required') return { tools, choice: { type: 'required' } };
  if (choice.type === 'allowed_tools') {
    const { mode, tools: allowed } = choice.allowed_tools;
    const path = 'tool_choice.allowed_tools.tools';
    const names = new Set(allowed.map((reference, at) => nameOf(reference, tools, `${path}[${at}]`)));
    if (names.size === 0) throw invalidValue(path, `Invalid '${path}': name at least one tool.`);
    return { tools: tools.filter(({ name }) => names.has(name)), choice: { type: mode } };
  }
  return { tools, choice: { type: 'named', name: nameOf(choice, tools, 'tool_choice') } };
}

/** The legacy counterpart of `tool_choice`. */
export function decodeFunctionCall(
  call: ChatRequestBody['function_call'],
  functions: readonly ClientTool[],
): ToolChoice {
  if (call === null || call === undefined) return { type: 'auto' };
  if (typeof call === 'string') return { type: call };
  return { type: 'named', name: requireKnown(call.name, functions, 'function_call.name') };
}

function nameOf(reference: ChatToolReference, tools: readonly ClientTool[], path: string): string {
  const nested = reference.type === 'function' ? reference.function : reference.custom;
  if (nested) return requireKnown(nested.name, tools, `${path}.${reference.type}.name`);
  if (reference.name) return requireKnown(reference.name, tools, `${path}.name`);
  throw missingField(`${path}.${reference.type}`);
}

function requireKnown(name: string, tools: readonly ClientTool[], param: string): string {
  if (tools.some((tool) => tool.name === name)) return name;
  throw invalidValue(param, `Invalid '${param}': '${name}' is not among the tools of the request.`);
}

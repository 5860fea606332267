import type { ClientTool, ToolChoice } from '../../turn/index.ts';
import {
  customDefinition,
  decodeCustom,
  decodeFunction,
  functionDefinition,
  requireUniqueNames,
} from '../decode-client-tool.ts';
import { unsupportedParameter } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { parseBody } from '../parse-body.ts';
import type { ChatRequestBody, ChatTool } from './chat-request-schema.ts';
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

function reportStrict(tools: readonly ChatTool[]): IgnoredParameter[] {
  if (!tools.some((tool) => (tool.function?.strict ?? tool['strict']) === true)) return [];
  return [{ param: 'tools[].function.strict', reason: 'Claude follows the schema but is not forced to.' }];
}

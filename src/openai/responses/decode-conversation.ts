import { type AssistantPart, agentServer, describeAskedCall, type Message } from '../../turn/index.ts';
import type { FileAttacher, ResolveFile } from '../attach-files.ts';
import { ConversationBuilder } from '../conversation-builder.ts';
import { badRequest } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { parseToolArguments } from '../parse-tool-arguments.ts';
import { asReminder, joinTexts, requireQuestion, textPart, toToolContent } from '../text-parts.ts';
import { describeApproval } from './decode-approvals.ts';
import type { PlacedItem } from './decode-input-items.ts';
import { toTurnParts } from './decode-parts.ts';
import type {
  AssistantMessageItem,
  CustomToolCallItem,
  FunctionCallItem,
  FunctionCallOutputItem,
  StoredItem,
} from './items.ts';
import { pairOutputs } from './pair-outputs.ts';
import { responsesPairingErrors } from './pairing-errors.ts';

export interface ConversationRequest {
  readonly instructions: string | undefined;
  /** Oldest first. */
  readonly history: readonly StoredItem[];
  readonly input: readonly PlacedItem[];
  /** The name by which Claude knows a tool of a namespace. */
  readonly flatName: (namespace: string, name: string) => string;
  /** The summary in a compaction item; undefined if this server did not seal it. */
  readonly openCompaction: (encryptedContent: string) => string | undefined;
  readonly findItem: (id: string) => StoredItem | undefined;
  readonly files: FileAttacher;
  /** False for a request that asks the model nothing, such as a count of tokens. */
  readonly questionRequired: boolean;
}

export interface DecodedConversation {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly ignored: readonly IgnoredParameter[];
}

/** The whole conversation: the history, then the new input. */
export function decodeConversation(request: ConversationRequest): DecodedConversation {
  const ignored: IgnoredParameter[] = [];
  const system: string[] = [];
  const builder = new ConversationBuilder(responsesPairingErrors);
  const history = sinceCompaction(request.history).map((item) => ({
    item,
    path: 'previous_response_id',
    kept: true,
  }));
  let leading = true;

  for (const { item, path, kept } of pairOutputs([...history, ...request.input])) {
    const resolveFile = kept === true ? request.files.recall : request.files.resolve;
    if (item.type === 'message' && (item.role === 'system' || item.role === 'developer')) {
      const text = joinTexts(item.content.flatMap((part) => toText(part)));
      if (text === '') continue;
      if (leading) system.push(text);
      else builder.addUser([asReminder(text)]);
      continue;
    }
    switch (item.type) {
      case 'message': {
        if (item.role === 'assistant') {
          const parts = toAssistantParts(item);
          if (parts.length > 0) builder.addAssistant(parts, path);
        } else if (item.role === 'user') {
          const parts = toTurnParts(item.content, `${path}.content`, resolveFile);
          if (parts.length > 0) builder.addUser(parts);
        }
        break;
      }
      case 'function_call':
      case 'custom_tool_call': {
        const { part, ignored: problem } = toCall(item, path, request.flatName);
        if (problem !== undefined) ignored.push(problem);
        builder.addAssistant([part], path);
        break;
      }
      case 'function_call_output':
      case 'custom_tool_call_output':
        builder.addResult(item.call_id, toResult(item.output, `${path}.output`, resolveFile), path);
        break;
      case 'compaction':
        builder.addUser([asSummary(item.encrypted_content, path, request)]);
        break;
      case 'mcp_approval_response':
        builder.addUser([asReminder(describeApproval(item, path, request))]);
        break;
      case 'mcp_approval_request': {
        // The engine keeps a conversation that waits for leave to use one of its own tools, and knows it by these words.
        if (item.server_label !== agentServer) continue;
        const { arguments: args } = parseToolArguments(item.arguments, `${path}.arguments`);
        builder.addAssistant([{ type: 'text', text: describeAskedCall({ ...item, arguments: args }) }], path);
        break;
      }
      // What the agent did and thought is in its own transcript. Tools are decoded with the request's.
      case 'reasoning':
      case 'mcp_call':
      case 'mcp_list_tools':
      case 'web_search_call':
      case 'code_interpreter_call':
      case 'additional_tools':
        continue;
      default:
        return item satisfies never;
    }
    leading = false;
  }

  const instructions = textPart(request.instructions ?? '').map(({ text }) => text);
  // OpenAI answers a request of system messages alone, and clients use it for one-off prompts; Claude needs
  // something that is asked.
  const question = request.questionRequired && builder.isEmpty ? system.pop() : undefined;
  if (question !== undefined) builder.addUser([{ type: 'text', text: question }]);

  const messages = builder.finish();
  if (request.questionRequired) requireQuestion(messages, 'input');
  return { system: [...instructions, ...system].join('\n\n'), messages, ignored };
}

/** In a chain that the server keeps, a compaction stands for all that was said before it. */
function sinceCompaction(history: readonly StoredItem[]): readonly StoredItem[] {
  const at = history.findLastIndex(({ type }) => type === 'compaction');
  if (at === -1) return history;
  const isSystem = (item: StoredItem) =>
    item.type === 'message' && (item.role === 'system' || item.role === 'developer');
  const begin = history.findIndex((item) => !isSystem(item) && item.type !== 'additional_tools');
  return [...history.slice(0, Math.min(begin, at)), ...history.slice(at)];
}

function toText(part: { readonly type: string; readonly text?: string }) {
  return textPart(part.text ?? '');
}

/** A refusal is what the assistant said. */
function toAssistantParts(item: AssistantMessageItem): AssistantPart[] {
  return item.content.flatMap((part) => textPart(part.type === 'refusal' ? part.refusal : part.text));
}

function toCall(
  item: FunctionCallItem | CustomToolCallItem,
  path: string,
  flatName: ConversationRequest['flatName'],
): { readonly part: AssistantPart; readonly ignored?: IgnoredParameter | undefined } {
  const callId = item.call_id;
  const name = item.namespace === undefined ? item.name : flatName(item.namespace, item.name);
  if (item.type === 'custom_tool_call') {
    return { part: { type: 'tool-call', callId, name, arguments: { input: item.input } } };
  }
  const parsed = parseToolArguments(item.arguments, `${path}.arguments`);
  return {
    part: { type: 'tool-call', callId, name, arguments: parsed.arguments },
    ignored: parsed.ignored,
  };
}

function toResult(output: FunctionCallOutputItem['output'], path: string, resolveFile: ResolveFile) {
  if (typeof output === 'string') return textPart(output);
  return toToolContent(toTurnParts(output, path, resolveFile), path);
}

function asSummary(encrypted: string, path: string, request: ConversationRequest) {
  const summary = request.openCompaction(encrypted);
  if (summary === undefined) {
    throw badRequest(
      `The encrypted content of '${path}' could not be verified: it was not made by this server.`,
      `${path}.encrypted_content`,
      'invalid_encrypted_content',
    );
  }
  return { type: 'text', text: `<conversation_summary>\n${summary}\n</conversation_summary>` } as const;
}

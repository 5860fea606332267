import type { AssistantPart, Message } from '../../turn/index.ts';
import type { ResolveFile } from '../attach-files.ts';
import { ConversationBuilder } from '../conversation-builder.ts';
import { invalidValue } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { parseToolArguments } from '../parse-tool-arguments.ts';
import { asReminder, joinTexts, requireQuestion } from '../text-parts.ts';
import type { ChatRequestMessage } from './chat-request-schema.ts';
import { decodeAnswer, decodeTextContent, decodeToolContent, decodeUserContent } from './decode-content.ts';
import { chatPairingErrors, orphanResult } from './pairing-errors.ts';

export interface DecodedMessages {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly ignored: readonly IgnoredParameter[];
}

type AssistantMessage = Extract<ChatRequestMessage, { role: 'assistant' }>;

export function decodeMessages(
  chat: readonly ChatRequestMessage[],
  resolveFile: ResolveFile,
): DecodedMessages {
  const ignored: IgnoredParameter[] = [];
  const system: string[] = [];
  const conversation = new ConversationBuilder(chatPairingErrors);
  let leading = true;

  for (const [index, message] of chat.entries()) {
    const path = `messages[${index}]`;
    if (message.role === 'system' || message.role === 'developer') {
      const text = joinTexts(decodeTextContent(message.content));
      if (text === '') continue;
      if (leading) system.push(text);
      else conversation.addUser([asReminder(text)]);
      continue;
    }
    leading = false;
    switch (message.role) {
      case 'user': {
        const parts = decodeUserContent(message.content, `${path}.content`, resolveFile);
        if (parts.length > 0) conversation.addUser(parts);
        else if (index === chat.length - 1) throw emptyQuestion(path);
        break;
      }
      case 'assistant': {
        const decoded = decodeAssistant(message, index, path);
        ignored.push(...decoded.ignored);
        if (decoded.parts.length > 0) conversation.addAssistant(decoded.parts, path);
        break;
      }
      case 'tool':
        conversation.addResult(
          message.tool_call_id,
          decodeToolContent(message.content, `${path}.content`, resolveFile),
          path,
        );
        break;
      case 'function': {
        // A legacy function message names no call, only the function.
        const callId = conversation.findUnanswered(message.name);
        if (callId === undefined) throw orphanResult('function', 'function_call', path);
        const content = decodeToolContent(message.content, `${path}.content`, resolveFile);
        conversation.addResult(callId, content, path);
        break;
      }
    }
  }

  // OpenAI answers a request of system messages alone, and clients use it for one-off prompts; Claude needs
  // something that is asked.
  const question = conversation.isEmpty ? system.pop() : undefined;
  if (question !== undefined) conversation.addUser([{ type: 'text', text: question }]);

  const messages = conversation.finish();
  requireQuestion(messages, 'messages');
  return { system: system.join('\n\n'), messages, ignored };
}

function decodeAssistant(
  message: AssistantMessage,
  index: number,
  path: string,
): { readonly parts: AssistantPart[]; readonly ignored: readonly IgnoredParameter[] } {
  const ignored: IgnoredParameter[] = [];
  const parts: AssistantPart[] = decodeAnswer(message.content);
  if (parts.length === 0) parts.push(...decodeTextContent(message.refusal));

  const addCall = (callId: string, call: { name: string; arguments: string }, param: string) => {
    const parsed = parseToolArguments(call.arguments, param);
    if (parsed.ignored !== undefined) ignored.push(parsed.ignored);
    parts.push({ type: 'tool-call', callId, name: call.name, arguments: parsed.arguments });
  };
  for (const [at, call] of (message.tool_calls ?? []).entries()) {
    if (call.type === 'function') {
      addCall(call.id, call.function, `${path}.tool_calls[${at}].function.arguments`);
    } else {
      const { name, input } = call.custom;
      parts.push({ type: 'tool-call', callId: call.id, name, arguments: { input } });
    }
  }
  // The legacy form has no ids; its place in the conversation names the call, the same in every request.
  if (message.function_call) {
    addCall(`call_fn_${index}`, message.function_call, `${path}.function_call.arguments`);
  }
  return { parts, ignored };
}

function emptyQuestion(path: string): Error {
  return invalidValue(`${path}.content`, `Invalid '${path}.content': the last message has no content.`);
}

import type { DocumentPart, ImagePart, Message, TextPart } from '../turn/index.ts';
import { invalidValue, unsupportedContent } from './errors.ts';

/** Text without a visible character is dropped: Claude refuses such blocks. */
export function textPart(text: string): TextPart[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

export function joinTexts(parts: readonly TextPart[]): string {
  return parts.map(({ text }) => text).join('\n\n');
}

/**
 * Claude's system text stands before the conversation, and moving later system text there would change what
 * it refers to (and the prompt cache). So it stays in its place, in the form in which Claude Code itself
 * gives the model system text amid a conversation.
 */
export function asReminder(text: string): TextPart {
  return { type: 'text', text: `<system-reminder>\n${text}\n</system-reminder>` };
}

/** A tool result has no documents: a text file becomes its text. `path` is where the content stands. */
export function toToolContent(
  parts: readonly (TextPart | ImagePart | DocumentPart)[],
  path: string,
): (TextPart | ImagePart)[] {
  return parts.flatMap((part) => {
    if (part.type !== 'document') return [part];
    if (part.source.kind === 'text') return textPart(part.source.text);
    throw unsupportedContent(path, `Invalid '${path}': a tool result can hold text and images, no PDF.`);
  });
}

/** `param` is the field of the request that holds the conversation. */
export function requireQuestion(messages: readonly Message[], param: string): void {
  const last = messages.at(-1);
  if (last === undefined) throw invalidValue(param, `Invalid '${param}': no message has any content.`);
  if (last.role === 'assistant') {
    throw invalidValue(
      param,
      `Invalid '${param}': the last message must come from the user or a tool. ` +
        'Claude Code cannot continue an answer that the request begins.',
    );
  }
}

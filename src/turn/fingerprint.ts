import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './json.ts';
import type { AssistantPart, DocumentPart, Message, UserPart } from './message.ts';

/** Names a conversation up to some message: the same visible history gives the same fingerprint. */
export type Fingerprint = string;

const emptyConversation: Fingerprint = digest('conversation/1');

/**
 * The fingerprint after each message: element i covers `messages[0..i]`. A user's text counts to the letter;
 * of an assistant's text the white space does not count, since clients trim and re-join what they were sent.
 */
export function fingerprints(messages: readonly Message[]): Fingerprint[] {
  let last = emptyConversation;
  return messages.map((message) => {
    last = extendFingerprint(last, message);
    return last;
  });
}

/** The fingerprint of a conversation with one more message; start from `undefined` for the empty one. */
export function extendFingerprint(before: Fingerprint | undefined, message: Message): Fingerprint {
  return digest(`${before ?? emptyConversation}\n${canonicalJson(visibleContent(message))}`);
}

function visibleContent(message: Message): Json {
  switch (message.role) {
    case 'user':
      return ['user', ...message.parts.map(visibleUserPart)];
    case 'assistant':
      return ['assistant', visibleText(message.parts), ...visibleCalls(message.parts)];
  }
}

function visibleUserPart(part: UserPart): Json {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return { image: visibleMedia(part.source) };
    case 'document':
      return { document: visibleMedia(part.source), filename: part.filename ?? null };
    case 'tool-result':
      return { result: part.callId, content: part.content.map(visibleUserPart) };
  }
}

function visibleMedia(source: DocumentPart['source']): Json {
  switch (source.kind) {
    case 'url':
      return { url: source.url };
    case 'base64':
      return { mediaType: source.mediaType, data: digest(source.data) };
    case 'text':
      return { text: digest(source.text) };
  }
}

function visibleText(parts: readonly AssistantPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text.replace(/\s+/g, '') : '')).join('');
}

function visibleCalls(parts: readonly AssistantPart[]): Json[] {
  return parts.flatMap((part) =>
    part.type === 'tool-call' ? [[part.callId, part.name, part.arguments]] : [],
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

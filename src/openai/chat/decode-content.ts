import type { DocumentPart, ImagePart, TextPart } from '../../turn/index.ts';
import type { ResolveFile } from '../attach-files.ts';
import { decodeFileData, decodeImageUrl } from '../decode-media.ts';
import { missingField, unsupportedContent } from '../errors.ts';
import { textPart, toToolContent } from '../text-parts.ts';
import type { ChatContent, ChatTextContent } from './chat-request-schema.ts';
import { cutFileBlock } from './mark-file-block.ts';

type ContentPart = Exclude<ChatContent, string | null | undefined>[number];

/** Content of system, developer and assistant messages. A refusal is what the assistant said. */
export function decodeTextContent(content: ChatTextContent): TextPart[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return textPart(content);
  return content.flatMap((part) => textPart(part.type === 'text' ? part.text : part.refusal));
}

/** What Claude said in an answer: without what this server added to it about files. */
export function decodeAnswer(content: ChatTextContent): TextPart[] {
  const parts = decodeTextContent(content);
  const whole = parts.map(({ text }) => text).join('');
  let left = cutFileBlock(whole).length;
  return parts.flatMap(({ text }) => {
    const own = text.slice(0, left);
    left -= own.length;
    return textPart(own);
  });
}

/** `path` is where the content stands in the request. */
export function decodeUserContent(
  content: ChatContent,
  path: string,
  resolveFile: ResolveFile,
): (TextPart | ImagePart | DocumentPart)[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return textPart(content);
  return content.flatMap((part, index) => decodePart(part, `${path}[${index}]`, resolveFile));
}

/** As a user's content, in the form of a tool result. */
export function decodeToolContent(
  content: ChatContent,
  path: string,
  resolveFile: ResolveFile,
): (TextPart | ImagePart)[] {
  return toToolContent(decodeUserContent(content, path, resolveFile), path);
}

function decodePart(
  part: ContentPart,
  path: string,
  resolveFile: ResolveFile,
): (TextPart | ImagePart | DocumentPart)[] {
  switch (part.type) {
    case 'text':
      return textPart(part.text);
    case 'image_url': {
      const image = part.image_url;
      if (typeof image === 'string') return [decodeImageUrl(image, `${path}.image_url`)];
      return [decodeImageUrl(image.url, `${path}.image_url.url`)];
    }
    case 'file':
      return decodeFile(part.file, `${path}.file`, resolveFile);
    case 'input_audio':
      throw unsupportedContent(
        path,
        `Invalid '${path}': audio input is not supported; Claude does not take it.`,
      );
  }
}

function decodeFile(
  file: Extract<ContentPart, { type: 'file' }>['file'],
  path: string,
  resolveFile: ResolveFile,
): (TextPart | ImagePart | DocumentPart)[] {
  const { file_data: data, file_id: id, filename } = file;
  if (typeof data === 'string') {
    return [decodeFileData({ url: data, filename: filename ?? undefined }, `${path}.file_data`)];
  }
  if (typeof id === 'string') return resolveFile(id, `${path}.file_id`, 'file');
  throw missingField(`${path}.file_data`);
}

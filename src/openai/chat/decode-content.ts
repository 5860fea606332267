import type { DocumentPart, ImagePart, TextPart } from '../../turn/index.ts';
import { decodeFileData, decodeImageUrl } from '../decode-media.ts';
import { missingField, unsupportedContent } from '../errors.ts';
import { textPart, toToolContent } from '../text-parts.ts';
import type { ChatContent, ChatTextContent } from './chat-request-schema.ts';

type ContentPart = Exclude<ChatContent, string | null | undefined>[number];

/** Content of system, developer and assistant messages. A refusal is what the assistant said. */
export function decodeTextContent(content: ChatTextContent): TextPart[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return textPart(content);
  return content.flatMap((part) => textPart(part.type === 'text' ? part.text : part.refusal));
}

/** `path` is where the content stands in the request. */
export function decodeUserContent(
  content: ChatContent,
  path: string,
): (TextPart | ImagePart | DocumentPart)[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return textPart(content);
  return content.flatMap((part, index) => decodePart(part, `${path}[${index}]`));
}

/** As a user's content, in the form of a tool result. */
export function decodeToolContent(content: ChatContent, path: string): (TextPart | ImagePart)[] {
  return toToolContent(decodeUserContent(content, path), path);
}

function decodePart(part: ContentPart, path: string): (TextPart | ImagePart | DocumentPart)[] {
  switch (part.type) {
    case 'text':
      return textPart(part.text);
    case 'image_url': {
      const image = part.image_url;
      if (typeof image === 'string') return [decodeImageUrl(image, `${path}.image_url`)];
      return [decodeImageUrl(image.url, `${path}.image_url.url`)];
    }
    case 'file':
      return [decodeFile(part.file, `${path}.file`)];
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
): ImagePart | DocumentPart {
  if (typeof file.file_data === 'string') {
    return decodeFileData({ url: file.file_data, filename: file.filename ?? undefined }, `${path}.file_data`);
  }
  if (typeof file.file_id === 'string') {
    const param = `${path}.file_id`;
    throw unsupportedContent(
      param,
      `Invalid '${param}': send the file's content as a data URL in 'file_data'.`,
    );
  }
  throw missingField(`${path}.file_data`);
}

import { z } from 'zod';
import type { DocumentPart, ImagePart, TextPart } from '../../turn/index.ts';
import type { ResolveFile } from '../attach-files.ts';
import { decodeFileData, decodeImageUrl } from '../decode-media.ts';
import { invalidValue, missingField, unsupportedContent } from '../errors.ts';
import { textPart } from '../text-parts.ts';
import type { WireContent, WirePart } from './input-item-schemas.ts';
import type {
  Annotation,
  InputFilePart,
  InputImagePart,
  InputPart,
  InputTextPart,
  OutputTextPart,
  RefusalPart,
} from './items.ts';

/** Content of a user's message or of a tool's output, in the one form in which it is kept. */
export function decodeInputContent(content: WireContent, path: string): InputPart[] {
  if (typeof content === 'string') return [{ type: 'input_text', text: content }];
  return content.map((part, index) => decodeInputPart(part, `${path}[${index}]`));
}

/** Content of a system or developer message. */
export function decodeSystemContent(content: WireContent, path: string): InputTextPart[] {
  return decodeInputContent(content, path).map((part, index) => {
    if (part.type === 'input_text') return part;
    throw notHere(part.type, 'system and developer messages', `${path}[${index}]`);
  });
}

/** Content of an assistant's message. */
export function decodeOutputContent(content: WireContent, path: string): (OutputTextPart | RefusalPart)[] {
  if (typeof content === 'string') return [outputText(content)];
  return content.map((part, index) => {
    if (part.type === 'refusal') return { type: 'refusal', refusal: part.refusal };
    if ('text' in part && typeof part.text === 'string') {
      return outputText(part.text, decodeAnnotations('annotations' in part ? part.annotations : undefined));
    }
    throw notHere(part.type, 'assistant messages', `${path}[${index}]`);
  });
}

export function outputText(text: string, annotations: readonly Annotation[] = []): OutputTextPart {
  return { type: 'output_text', text, annotations, logprobs: [] };
}

/** Kept content as parts of a turn. */
export function toTurnParts(
  content: readonly InputPart[],
  path: string,
  resolveFile: ResolveFile,
): (TextPart | ImagePart | DocumentPart)[] {
  return content.flatMap((part, index) => toTurnPart(part, `${path}[${index}]`, resolveFile));
}

function toTurnPart(
  part: InputPart,
  path: string,
  resolveFile: ResolveFile,
): (TextPart | ImagePart | DocumentPart)[] {
  switch (part.type) {
    case 'input_text':
      return textPart(part.text);
    case 'input_image':
      if (part.file_id !== undefined) return resolveFile(part.file_id, `${path}.file_id`, 'image');
      return [decodeImageUrl(part.image_url ?? '', `${path}.image_url`)];
    case 'input_file':
      if (part.file_id !== undefined) return resolveFile(part.file_id, `${path}.file_id`, 'file');
      return [toFilePart(part, path)];
  }
}

function toFilePart(part: InputFilePart, path: string): ImagePart | DocumentPart {
  const { filename } = part;
  if (part.file_data !== undefined) {
    return decodeFileData({ url: part.file_data, filename }, `${path}.file_data`);
  }
  const param = `${path}.file_url`;
  const url = part.file_url ?? '';
  if (!/^https?:\/\//i.test(url)) {
    throw invalidValue(param, `Invalid '${param}': expected an http(s) URL.`);
  }
  const named = filename === undefined ? {} : { filename };
  return { type: 'document', source: { kind: 'url', url }, ...named };
}

function decodeInputPart(part: WirePart, path: string): InputPart {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text':
      return { type: 'input_text', text: part.text };
    case 'refusal':
      return { type: 'input_text', text: part.refusal };
    case 'input_image':
      return decodeImagePart(part, path);
    case 'input_file':
      return decodeFilePart(part, path);
    case 'input_audio':
      throw unsupportedContent(
        path,
        `Invalid '${path}': audio input is not supported; Claude does not take it.`,
      );
  }
}

function decodeImagePart(part: Extract<WirePart, { type: 'input_image' }>, path: string): InputImagePart {
  if (typeof part.image_url === 'string') {
    return { type: 'input_image', detail: part.detail ?? 'auto', image_url: part.image_url };
  }
  if (typeof part.file_id === 'string') {
    return { type: 'input_image', detail: part.detail ?? 'auto', file_id: part.file_id };
  }
  throw missingField(`${path}.image_url`);
}

function decodeFilePart(part: Extract<WirePart, { type: 'input_file' }>, path: string): InputFilePart {
  const filename = typeof part.filename === 'string' ? { filename: part.filename } : {};
  if (typeof part.file_data === 'string') {
    return { type: 'input_file', file_data: part.file_data, ...filename };
  }
  if (typeof part.file_url === 'string') {
    return { type: 'input_file', file_url: part.file_url, ...filename };
  }
  if (typeof part.file_id === 'string') {
    return { type: 'input_file', file_id: part.file_id, ...filename };
  }
  throw missingField(`${path}.file_data`);
}

const annotation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('url_citation'),
    start_index: z.number(),
    end_index: z.number(),
    title: z.string(),
    url: z.string(),
  }),
  z.object({
    type: z.literal('container_file_citation'),
    container_id: z.string(),
    file_id: z.string(),
    filename: z.string(),
    start_index: z.number(),
    end_index: z.number(),
  }),
  z.object({
    type: z.literal('file_citation'),
    file_id: z.string(),
    filename: z.string(),
    index: z.number(),
  }),
  z.object({ type: z.literal('file_path'), file_id: z.string(), index: z.number() }),
]);

/** Annotations say where a text comes from and nothing to the model, so unknown ones may be dropped. */
function decodeAnnotations(given: unknown): Annotation[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((one) => {
    const parsed = annotation.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}

function notHere(type: string, where: string, path: string): Error {
  return unsupportedContent(
    path,
    `Invalid '${path}': content of type '${type}' is not supported in ${where}.`,
  );
}

import type { DocumentPart, ImagePart } from '../turn/index.ts';
import { invalidValue, unsupportedContent } from './errors.ts';
import { type DataUrl, parseDataUrl } from './parse-data-url.ts';

/** What Claude takes; `image/jpg` is a common misspelling. */
const imageTypes: Readonly<Record<string, string>> = {
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/jpg': 'image/jpeg',
  'image/gif': 'image/gif',
  'image/webp': 'image/webp',
};

const textTypes =
  /^(?:text\/.+|application\/(?:.+\+)?(?:json|xml|yaml|x-yaml|toml|javascript|typescript|sql|x-sh))$/;

/** What Claude calls an image's type; undefined for what it does not take. */
export function toImageType(mediaType: string): string | undefined {
  return Object.hasOwn(imageTypes, mediaType) ? imageTypes[mediaType] : undefined;
}

export function isImageType(mediaType: string): boolean {
  return toImageType(mediaType) !== undefined;
}

export function isTextType(mediaType: string): boolean {
  return textTypes.test(mediaType) || mediaType === 'image/svg+xml';
}

/** An image of a data URL or of an http(s) URL, which is passed on and never fetched here. */
export function decodeImageUrl(url: string, param: string): ImagePart {
  if (/^https?:\/\//i.test(url)) return { type: 'image', source: { kind: 'url', url } };
  const data = parseDataUrl(url);
  if (data === undefined) {
    throw invalidValue(param, `Invalid '${param}': expected a base64 data URL or an http(s) URL.`);
  }
  return decodeImage(data, param);
}

/** A file sent inside the request as a data URL: PDF, any text, or an image. */
export function decodeFileData(
  file: { readonly url: string; readonly filename?: string | undefined },
  param: string,
): DocumentPart | ImagePart {
  const data = parseDataUrl(file.url);
  if (data === undefined) {
    throw invalidValue(
      param,
      `Invalid '${param}': expected a data URL such as 'data:application/pdf;base64,…'.`,
    );
  }
  const filename = file.filename === undefined ? {} : { filename: file.filename };
  const { mediaType } = data;
  if (mediaType === 'application/pdf') {
    const source = { kind: 'base64', mediaType, data: requireContent(data, param) } as const;
    return { type: 'document', source, ...filename };
  }
  if (textTypes.test(mediaType)) {
    const text = Buffer.from(data.base64, 'base64').toString('utf8');
    return { type: 'document', source: { kind: 'text', text }, ...filename };
  }
  if (mediaType.startsWith('image/')) return decodeImage(data, param);
  throw unsupportedContent(
    param,
    `Files of type '${mediaType}' are not supported; send PDF, text or an image (PNG, JPEG, GIF, WebP).`,
  );
}

function decodeImage(data: DataUrl, param: string): ImagePart {
  const mediaType = toImageType(data.mediaType);
  if (mediaType === undefined) {
    throw unsupportedContent(
      param,
      `Images of type '${data.mediaType}' are not supported; send PNG, JPEG, GIF or WebP.`,
    );
  }
  return { type: 'image', source: { kind: 'base64', mediaType, data: requireContent(data, param) } };
}

function requireContent(data: DataUrl, param: string): string {
  if (data.base64 === '') throw invalidValue(param, `Invalid '${param}': the data URL is empty.`);
  return data.base64;
}

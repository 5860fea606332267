/** How a file can be looked at. `other`: only by its facts. */
export type FileKind = 'text' | 'image' | 'other';

const images = /^image\/(?:png|jpeg|gif|webp|avif|bmp|x-icon|svg\+xml)$/;
const texts =
  /^(?:text\/|application\/(?:json|xml|javascript|yaml|toml|sql|x-sh|ld\+json|x-ndjson)|[^;]*\+(?:json|xml))/;
const binary =
  /\.(?:zip|gz|tgz|bz2|xz|7z|rar|tar|jar|exe|dll|so|dylib|bin|o|a|class|wasm|pdf|docx?|xlsx?|pptx?|odt|ods|mp[34]|m4a|wav|ogg|flac|mov|avi|mkv|webm|woff2?|ttf|otf|eot|sqlite3?|db|pyc|parquet|npy|pkl)$/i;

/** By the media type and the name; an unknown one is taken for text until its bytes say otherwise. */
export function kindOfFile(name: string, mediaType: string | null): FileKind {
  const type = mediaType?.split(';')[0]?.trim() ?? '';
  if (images.test(type)) return 'image';
  if (texts.test(type)) return 'text';
  if (/^(?:audio|video|font|image)\//.test(type) || binary.test(name)) return 'other';
  return 'text';
}

/** Whether bytes that were read as text are none. */
export function isBinary(text: string): boolean {
  const beginning = text.slice(0, 8000);
  if (beginning.includes('\0')) return true;
  const broken = beginning.split('\uFFFD').length - 1;
  return broken > 8 && broken > beginning.length / 20;
}

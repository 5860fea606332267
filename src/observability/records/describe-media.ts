const dataUrl = /^\s{0,10}data:([\w.+-]{1,60}\/[\w.+-]{1,60})?[^,]{0,200};base64,/i;
const base64 = /^[A-Za-z0-9+/_-]{512}/;
const embedded = /data:([\w.+-]{1,60}\/[\w.+-]{1,60})[\w.+=;-]{0,200};base64,[A-Za-z0-9+/=_-]{64,}/g;

/** Type and size in place of binary data; undefined for other texts. Looks at the beginning alone. */
export function describeMedia(text: string): string | undefined {
  const url = dataUrl.exec(text.slice(0, 400));
  if (url !== null) return describe(url[1] ?? 'data', text.length - url[0].length);
  return base64.test(text.slice(0, 512)) ? describe('base64', text.length) : undefined;
}

/** The text with what it holds of data URLs left out. */
export function withoutMedia(text: string): string {
  if (!text.includes(';base64,')) return text;
  return text.replace(embedded, (url: string, type: string) =>
    describe(type, url.length - url.indexOf(';base64,') - ';base64,'.length),
  );
}

function describe(type: string, characters: number): string {
  return `[${type}, ${Math.floor((characters * 3) / 4)} bytes]`;
}

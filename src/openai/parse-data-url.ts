export interface DataUrl {
  /** In lower case, without parameters. */
  readonly mediaType: string;
  readonly base64: string;
}

/** Undefined if it is no data URL; a percent-encoded one comes back as base64 too. */
export function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.indexOf(',');
  if (!/^data:/i.test(url) || comma === -1) return undefined;
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  const data = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
  const base64 = isBase64 ? data : encodePercentEncoded(data);
  if (base64 === undefined) return undefined;
  return { mediaType: mediaType.trim().toLowerCase() || 'text/plain', base64 };
}

function encodePercentEncoded(data: string): string | undefined {
  try {
    return Buffer.from(decodeURIComponent(data), 'utf8').toString('base64');
  } catch {
    return undefined;
  }
}

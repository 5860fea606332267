/**
 * The header that makes a browser save a file and not show it (RFC 6266). The name goes out as plain ASCII for old
 * clients, and as UTF-8 (RFC 8187) where it is more than that.
 */
export function attachment(filename: string): string {
  const name = nameOnly(filename);
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/[\\"]/g, '\\$&');
  // Some clients decode `%41` in the plain name, too.
  const needsMore = /[^\x20-\x7e]|%[0-9a-f]{2}/i.test(name);
  return `attachment; filename="${plain}"${needsMore ? `; filename*=UTF-8''${encode(name)}` : ''}`;
}

/** Without folders and control characters, whatever the system that it comes from or goes to. */
function nameOnly(filename: string): string {
  const last = filename.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const clean = last.replaceAll(/\p{Cc}/gu, '');
  return /^\.*$/.test(clean) ? 'file' : clean;
}

/** Percent-encoded but for the characters that RFC 8187 lets stand. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What stands in the place of a secret. */
export const censor = '[redacted]';

/** Fields that hold a secret whatever object they are in: at the top of a log line, or in an object of it. */
export const secretFields = [
  ...['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'api-key', 'x-csrf-token'],
  ...['apiKey', 'api_key', 'password', 'secret', 'token', 'accessToken', 'sessionSecret'],
  ...['currentPassword', 'newPassword', 'passwordHash', 'secretHash', 'previousHash', 'tokenHash'],
  ...['csrfSecret', 'csrfToken', 'webuiDefaultPassword', 'databaseUrl', 'secrets'],
];

/** Paths for pino's own redaction. Its wildcard stands for one level, so the common deeper places are named. */
export const redactedPaths: string[] = secretFields.flatMap((field) => {
  const key = /^\w+$/.test(field) ? `.${field}` : `["${field}"]`;
  return [key.replace(/^\./, ''), `*${key}`, `req.headers${key}`, `res.headers${key}`];
});

const names = secretFields.join('|');
/** A word begins here. What looks like a letter before it may be the end of an escape such as `\n`. */
const start = String.raw`(?:\b|(?<=\\[bfnrt]))`;

const patterns: readonly (readonly [RegExp, string])[] = [
  // Texts in secret fields at any depth.
  [new RegExp(String.raw`"(${names})":"[^"\\]*(?:\\.[^"\\]*)*"`, 'gi'), `"$1":"${censor}"`],
  // The same in JSON that is quoted in a text.
  [new RegExp(String.raw`\\"(${names})\\":\s*\\"[^"\\]*\\"`, 'gi'), String.raw`\"$1\":\"${censor}\"`],
  // Keys of Anthropic, OpenAI and this server.
  [new RegExp(String.raw`${start}sk-[\w-]{8,}`, 'g'), `sk-${censor}`],
  [new RegExp(String.raw`${start}(Bearer|Basic) [\w.~+/=-]{8,}`, 'gi'), `$1 ${censor}`],
  // The password in a URL. Schemes are short: without a bound this would take a square of the line's length.
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"]*):[^\s/@"]+@/gi, `$1:${censor}@`],
];

/** Takes secrets out of a finished log line that came in through texts, such as an error's message. */
export function redactLine(line: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

/** What stands in the place of a secret. */
export const censor = '[redacted]';

/** Fields that hold a secret whatever object they are in: at the top of a log line, or in an object of it. */
const secretFields = [
  ...['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'api-key'],
  ...['apiKey', 'api_key', 'password', 'secret', 'token', 'accessToken', 'sessionSecret'],
  ...['webuiDefaultPassword', 'databaseUrl', 'secrets'],
];

/** Paths for pino's own redaction. Its wildcard stands for one level, so the common deeper places are named. */
export const redactedPaths: string[] = secretFields.flatMap((field) => {
  const key = /^\w+$/.test(field) ? `.${field}` : `["${field}"]`;
  return [key.replace(/^\./, ''), `*${key}`, `req.headers${key}`, `res.headers${key}`];
});

const patterns: readonly (readonly [RegExp, string])[] = [
  // Keys of Anthropic, OpenAI and this server.
  [/\bsk-[\w-]{8,}/g, `sk-${censor}`],
  [/\b(Bearer|Basic) [\w.~+/=-]{8,}/gi, `$1 ${censor}`],
  // The password in a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s/@"]+@/gi, `$1:${censor}@`],
];

/** Takes secrets out of a finished log line that came in through texts, such as an error's message. */
export function redactLine(line: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

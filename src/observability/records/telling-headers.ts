/** Headers that tell how a request was made and answered, not who asked for what: no person's name, mail or text. */
const telling = new Set([
  ...['age', 'allow', 'cache-control', 'connection', 'date', 'etag', 'expect', 'forwarded', 'host'],
  ...['content-encoding', 'content-language', 'content-length', 'content-range', 'content-type'],
  ...[
    'idempotency-key',
    'keep-alive',
    'last-modified',
    'origin',
    'pragma',
    'priority',
    'range',
    'retry-after',
  ],
  ...['server', 'te', 'traceparent', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'vary', 'via'],
  ...['x-accel-buffering', 'x-content-type-options', 'x-request-id', 'x-should-retry', 'x-openwebui-task'],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip'],
]);

const families = [
  ...['accept', 'access-control-', 'if-', 'openai-', 'sec-ch-ua', 'sec-fetch-', 'sec-websocket-'],
  ...['x-claudecode-', 'x-ratelimit-', 'x-stainless-'],
];

/** Whether the value of a header, by its name in lower case, may stand where texts are left out. */
export function isTellingHeader(name: string): boolean {
  return telling.has(name) || families.some((family) => name.startsWith(family));
}

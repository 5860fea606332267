import type { RequestRecord } from '../../src/contract/index.ts';

const day = 86_400_000;

/** The last record's time; fixed, so that every run is the same. */
export const end = 20_500 * day;

/** The records lie in the year before. */
export const yearMs = 365 * day;

const endpoints = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/models',
  '/v1/responses/{id}',
  '/v1/embeddings',
];
const models = [
  'sonnet',
  'opus',
  'haiku',
  ...Array.from({ length: 9 }, (_, index) => `claude-model-${index}`),
];
const clients = ['openai-node/6.49.0', 'OpenAI/Python 2.1.0', 'curl/8.5.0', 'Zed/0.201', 'LangChain/1.0'];

/** A busy key that nobody has used for the last nine months: what misleads a planner. */
export const retiredKey = 'key_retired';

/** Records of an index, from 0 (the oldest) to `rows` - 1; the same every time. */
export function syntheticRecord(index: number, rows: number): RequestRecord {
  const random = generator(index);
  const startedAt = end - yearMs + Math.floor((index / rows) * yearMs) + Math.floor(random() * 2000);
  const failed = random() < 0.04;
  const retired = index < rows / 4 && random() < 0.4;
  const keyNumber = skewed(random, 50);
  const keyId = retired ? retiredKey : `key_${keyNumber}`;
  const model = models[skewed(random, models.length)] ?? 'sonnet';
  const durationMs = Math.floor(300 * Math.exp(random() * 6));
  const inputTokens = Math.floor(random() * 20_000);
  const outputTokens = Math.floor(random() * 2000);
  const hex = (random() * 2 ** 48).toString(16).padStart(12, '0') + index.toString(16).padStart(12, '0');
  return {
    id: `req_${hex}`,
    startedAt,
    endpoint: endpoints[skewed(random, endpoints.length)] ?? '/v1/responses',
    method: 'POST',
    transport: 'http',
    status: failed ? ([429, 500, 400, 499][skewed(random, 4)] ?? 500) : 200,
    errorCode: failed ? 'rate_limit_exceeded' : null,
    errorMessage: failed ? `Rate limit reached for requests, number ${index}.` : null,
    durationMs,
    firstTokenMs: failed ? null : Math.floor(durationMs / 3),
    owner: retired ? 'owner_retired' : `owner_${keyNumber % 10}`,
    keyId: rare(index, rows, 20) ? 'key_rare' : keyId,
    keyName: retired ? 'retired' : `Key of somebody ${keyNumber}`,
    modelAsked: random() < 0.5 ? 'gpt-4o' : model,
    modelUsed: failed && random() < 0.5 ? null : model,
    profile: random() < 0.2 ? `profile-${skewed(random, 10)}` : null,
    stream: random() < 0.7,
    source: 'live',
    stopReason: failed ? null : 'end',
    upstreamCalls: 1 + skewed(random, 5),
    inputTokens,
    cachedInputTokens: Math.floor(inputTokens / 2),
    cacheWriteTokens: Math.floor(inputTokens / 10),
    outputTokens,
    thinkingTokens: Math.floor(outputTokens / 4),
    costUsd: failed ? null : (inputTokens * 3 + outputTokens * 15) / 1e6,
    tools: random() < 0.3 ? { Read: 3, Bash: 1 } : {},
    files: random() < 0.1 ? [`src/module-${index % 1000}/file.ts`] : [],
    conversation: random() < 0.3 ? `conv_${Math.floor(index / 40)}` : null,
    responseId: `resp_${hex}`,
    client: rare(index, rows, 5) ? 'needle-client/1.0' : (clients[skewed(random, clients.length)] ?? null),
    address: `10.0.${keyNumber}.${index % 250}`,
  };
}

/** About `count` of all rows, the newest of them a tenth of the way back. */
function rare(index: number, rows: number, count: number): boolean {
  const gap = Math.max(1, Math.floor(rows / count));
  return index < rows * 0.9 && index % gap === Math.floor(gap / 2);
}

/** More of the low numbers than of the high. */
function skewed(random: () => number, count: number): number {
  return Math.floor(random() ** 2 * count);
}

/** Mulberry32: quick, and the same for the same seed. */
function generator(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

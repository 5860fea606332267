import type { RecordDetail, RequestRecord } from '../../contract/index.ts';

/** A request that went well. */
export function newRecord(more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 'req_1',
    startedAt: 1_000_000,
    endpoint: '/v1/chat/completions',
    method: 'POST',
    transport: 'http',
    status: 200,
    errorCode: null,
    errorMessage: null,
    durationMs: 1200,
    firstTokenMs: 300,
    owner: 'ann',
    keyId: 'key_a',
    keyName: 'Ann',
    modelAsked: 'gpt-4o',
    modelUsed: 'sonnet',
    profile: 'agent',
    stream: true,
    source: 'live',
    stopReason: 'end',
    upstreamCalls: 2,
    inputTokens: 100,
    cachedInputTokens: 40,
    cacheWriteTokens: 10,
    outputTokens: 20,
    thinkingTokens: 5,
    costUsd: 0.012345678,
    tools: { Read: 2 },
    files: ['src/a.ts'],
    conversation: 'conv_1',
    responseId: 'resp_1',
    client: 'openai-node/6',
    address: '127.0.0.1',
    ...more,
  };
}

export function newDetail(text: string): RecordDetail {
  return {
    level: 'full',
    requestHeaders: [
      ['accept', 'a/b'],
      ['accept', 'c/d'],
      ['x-name', 'Bj\u00f6rn'],
    ],
    responseHeaders: null,
    request: { messages: [{ role: 'user', content: text }] },
    response: { text },
    timeline: [{ type: 'text', atMs: 5, choice: 0, text }],
    truncated: false,
  };
}

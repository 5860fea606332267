import { type Context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
} from '@opentelemetry/semantic-conventions/incubating';
import type { RequestRecord } from '../../contract/index.ts';
import { modelProfile } from '../../turn/index.ts';
import { ToolSpans } from './tool-spans.ts';
import type { RunSpan, TracedRun } from './tracing.ts';

/** A client may give any name to a model. */
const longestName = 200;

/**
 * By the GenAI conventions: a profile without tools is a `chat` with the model, any other invokes an agent. The
 * agent runs here; the model is a remote service.
 */
export class OpenRunSpan implements RunSpan {
  readonly #span: Span;
  readonly #tools: ToolSpans;
  #ended = false;

  constructor(tracer: Tracer, parent: Context, { requestId, startedAt, model, profile }: TracedRun) {
    const isChat = profile === null || profile === modelProfile.name;
    const operation = isChat ? GEN_AI_OPERATION_NAME_VALUE_CHAT : GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT;
    const subject = clip(isChat ? model : profile);
    this.#span = tracer.startSpan(
      subject === undefined ? operation : `${operation} ${subject}`,
      {
        startTime: startedAt,
        kind: isChat ? SpanKind.CLIENT : SpanKind.INTERNAL,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: operation,
          [ATTR_GEN_AI_PROVIDER_NAME]: GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
          [ATTR_GEN_AI_AGENT_NAME]: isChat ? undefined : subject,
          [ATTR_GEN_AI_REQUEST_MODEL]: clip(model),
          'claudecode.request.id': requestId,
        },
      },
      parent,
    );
    this.#tools = new ToolSpans(tracer, trace.setSpan(parent, this.#span));
  }

  observe({ choice, event }: Parameters<RunSpan['observe']>[0]): void {
    if (this.#ended) return;
    if (event.type === 'tool.started') this.#tools.begin(choice, event);
    else if (event.type === 'tool.done') this.#tools.end(choice, event);
  }

  end(record: RequestRecord): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#tools.endAll();
    this.#span.setAttributes(outcome(record));
    if (record.errorCode !== null || record.status >= 400) {
      this.#span.setAttribute(ATTR_ERROR_TYPE, record.errorCode ?? String(record.status));
      // Without a message, which may tell of contents.
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

function outcome(record: RequestRecord) {
  return {
    [ATTR_GEN_AI_RESPONSE_MODEL]: clip(record.modelUsed),
    [ATTR_GEN_AI_RESPONSE_ID]: record.responseId ?? undefined,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: record.stopReason === null ? undefined : [record.stopReason],
    [ATTR_GEN_AI_CONVERSATION_ID]: record.conversation ?? undefined,
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: record.inputTokens,
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: record.cachedInputTokens,
    [ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]: record.cacheWriteTokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: record.outputTokens,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: record.thinkingTokens,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: record.status,
    'claudecode.cost.usd': record.costUsd ?? undefined,
    'claudecode.first_token.ms': record.firstTokenMs ?? undefined,
  };
}

function clip(name: string | null): string | undefined {
  return name?.slice(0, longestName);
}

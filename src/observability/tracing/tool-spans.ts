import { type Context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '@opentelemetry/semantic-conventions/incubating';
import type { ToolDone, ToolStarted } from '../../turn/index.ts';

/** The tools that run in a run, those of a subagent under the call that started it. */
export class ToolSpans {
  readonly #tracer: Tracer;
  readonly #parent: Context;
  readonly #open = new Map<string, Span>();

  constructor(tracer: Tracer, parent: Context) {
    this.#tracer = tracer;
    this.#parent = parent;
  }

  begin(choice: number, { callId, name, parentCallId }: ToolStarted): void {
    const caller = parentCallId === undefined ? undefined : this.#open.get(keyOf(choice, parentCallId));
    const span = this.#tracer.startSpan(
      `${GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL} ${name}`,
      {
        kind: SpanKind.INTERNAL,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
          [ATTR_GEN_AI_TOOL_NAME]: name,
          [ATTR_GEN_AI_TOOL_CALL_ID]: callId,
          // In the words of the conventions: one that runs on the agent's side.
          [ATTR_GEN_AI_TOOL_TYPE]: 'extension',
        },
      },
      caller === undefined ? this.#parent : trace.setSpan(this.#parent, caller),
    );
    this.#open.set(keyOf(choice, callId), span);
  }

  end(choice: number, { callId, isError }: ToolDone): void {
    const key = keyOf(choice, callId);
    const span = this.#open.get(key);
    this.#open.delete(key);
    if (isError) span?.setAttribute(ATTR_ERROR_TYPE, 'tool_error').setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  }

  /** Those that outlast the run, or were cut off with it. */
  endAll(): void {
    for (const span of this.#open.values()) span.setAttribute('claudecode.tool.unfinished', true).end();
    this.#open.clear();
  }
}

function keyOf(choice: number, callId: string): string {
  return `${choice}:${callId}`;
}

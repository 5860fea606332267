import type { Logger } from 'pino';
import type { Turn, TurnEvent } from '../turn/index.ts';

/**
 * What `debug` shows of a request on its way through: kinds, names, counts and sizes, never contents. Costs nothing at
 * other levels.
 */
export interface DebugLines {
  /** The request as it was understood. */
  decoded(turn: Turn): void;
  event(event: { readonly choice: number; readonly event: TurnEvent }): void;
  /** What an event became on its way to the client. */
  chunks(chunks: readonly object[]): void;
}

export function debugLines(logger: Pick<Logger, 'debug' | 'isLevelEnabled'>, requestId: string): DebugLines {
  const isOn = (): boolean => logger.isLevelEnabled('debug');
  return {
    decoded({ id, model, profile, messages, tools }) {
      if (!isOn()) return;
      const fields = { turn: id, model, profile: profile.name, messages: messages.length };
      logger.debug({ requestId, ...fields, tools: tools.tools.map(({ name }) => name) }, 'request decoded');
    },
    event({ choice, event }) {
      if (!isOn()) return;
      const denied = event.type === 'notice' && event.code === 'tool_denied';
      const fields = { requestId, choice, event: event.type, ...detailsOf(event) };
      logger.debug(fields, denied ? 'permission denied' : 'turn event');
    },
    chunks(chunks) {
      if (!isOn() || chunks.length === 0) return;
      const bytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(JSON.stringify(chunk)), 0);
      const kinds = chunks.flatMap((chunk) => ('type' in chunk ? String(chunk.type) : []));
      logger.debug(
        { requestId, chunks: chunks.length, bytes, ...(kinds.length > 0 && { kinds }) },
        'stream chunks',
      );
    },
  };
}

function detailsOf(event: TurnEvent): object {
  switch (event.type) {
    case 'started':
      return { model: event.model, source: event.source };
    case 'text.delta':
    case 'thinking.delta':
      return { length: event.text.length };
    case 'client-call.delta':
      return { callId: event.callId, length: event.argumentsDelta.length };
    case 'client-call.started':
    case 'client-call.done':
    case 'approval.requested':
    case 'approval.asked':
    case 'tool.started':
      return { callId: event.callId, name: event.name };
    case 'approval.answered':
      return { callId: event.callId, name: event.name, outcome: event.outcome };
    case 'tool.done':
      return { callId: event.callId, name: event.name, isError: event.isError, length: event.output.length };
    case 'notice':
      return { code: event.code, message: event.message };
    case 'usage':
      return { usage: event.usage };
    case 'done':
      return { stopReason: event.stopReason, usage: event.usage };
    case 'error':
      return { code: event.error.code, usage: event.usage };
    case 'files':
      return { files: event.changes.length + event.omitted };
    case 'text.started':
    case 'text.reset':
    case 'thinking.started':
      return {};
    default:
      return event satisfies never;
  }
}

import type { PairingErrors } from '../conversation-builder.ts';
import { invalidValue } from '../errors.ts';

/** OpenAI's own words, spelling included: clients match on them. */
export const chatPairingErrors: PairingErrors = {
  duplicateCall: (callId, path) =>
    invalidValue(`${path}.tool_calls`, `Duplicate tool call id '${callId}' in '${path}'.`),
  orphanResult: (_, path) => orphanResult('tool', 'tool_calls', path),
  unknownCall: (callId, path) =>
    invalidValue(
      `${path}.tool_call_id`,
      `Invalid parameter: 'tool_call_id' of '${callId}' not found in 'tool_calls' of previous message.`,
    ),
  answeredTwice: (callId, path) =>
    invalidValue(`${path}.tool_call_id`, `The tool call '${callId}' has more than one response message.`),
  unanswered: (callIds, path) =>
    invalidValue(
      path,
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each " +
        `'tool_call_id'. The following tool_call_ids did not have response messages: ${callIds.join(', ')}`,
    ),
};

/** A result (of a tool, or of a legacy function) without the call that it answers. */
export function orphanResult(role: string, calls: string, path: string): Error {
  return invalidValue(
    `${path}.role`,
    `Invalid parameter: messages with role '${role}' must be a response to a preceeding message with '${calls}'.`,
  );
}

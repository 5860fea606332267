import type { PairingErrors } from '../conversation-builder.ts';
import { invalidValue } from '../errors.ts';

/** OpenAI's own words: clients match on them. */
export const responsesPairingErrors: PairingErrors = {
  duplicateCall: (callId, path) => invalidValue(path, `Duplicate call_id '${callId}' in '${path}'.`),
  orphanResult: noCall,
  unknownCall: noCall,
  answeredTwice: noCall,
  unanswered: (callIds) =>
    invalidValue('input', `No tool output found for function call ${callIds.join(', ')}.`),
};

function noCall(callId: string): Error {
  return invalidValue('input', `No tool call found for function call output with call_id ${callId}.`);
}

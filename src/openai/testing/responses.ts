import { agentProfile, modelProfile } from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { createModelDirectory } from '../models.ts';
import { openCompaction } from '../responses/compaction.ts';
import { decodeResponsesRequest, type ResponsesContext } from '../responses/decode-responses-request.ts';

/** Ids that count: `msg_1`, `fc_2`, … */
export function countingIds(): (prefix: string) => string {
  let count = 0;
  return (prefix) => `${prefix}${++count}`;
}

/** Stands for encryption: reversible, and refuses what it did not make. */
export const plainSeal = {
  seal: (text: string): string => `sealed:${Buffer.from(text).toString('base64url')}`,
  open: (sealed: string): string | undefined =>
    sealed.startsWith('sealed:') ? Buffer.from(sealed.slice(7), 'base64url').toString() : undefined,
};

export function responsesContext(more: Partial<ResponsesContext> = {}): ResponsesContext {
  return {
    turnId: 'turn_1',
    owner: 'owner',
    models: createModelDirectory({
      aliases: {},
      engineModels: [],
      profiles: { agent: agentProfile, model: modelProfile },
    }),
    profiles: { agent: agentProfile, model: modelProfile },
    newId: countingIds(),
    history: [],
    findItem: () => undefined,
    openCompaction: (content) => openCompaction(content, plainSeal.open),
    ...more,
  };
}

/** Decodes a body with a model and the input `hi`, unless it says otherwise. */
export function decodeResponses(body: object, more: Partial<ResponsesContext> = {}) {
  return decodeResponsesRequest({ model: 'gpt-5', input: 'hi', ...body }, responsesContext(more));
}

/** The error that a body is refused with. */
export function responsesRefusal(body: object, more: Partial<ResponsesContext> = {}): WireError {
  try {
    decodeResponses(body, more);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

import { badRequest, WireError } from '../../openai/index.ts';
import type { ResponseStatus } from '../../storage/index.ts';

/** In OpenAI's words; someone else's is told as one that is not there. */
export function responseNotFound(id: string): WireError {
  return notFound(`Response with id '${id}' not found.`);
}

export function conversationNotFound(id: string): WireError {
  return notFound(`Conversation with id '${id}' not found.`);
}

export function itemNotFound(id: string): WireError {
  return notFound(`Item with id '${id}' not found.`);
}

export function previousResponseNotFound(id: string): WireError {
  return badRequest(
    `Previous response with id '${id}' not found.`,
    'previous_response_id',
    'previous_response_not_found',
  );
}

/** One that runs still, or that came to no answer. */
export function previousResponseUnfinished(id: string, status: ResponseStatus): WireError {
  return badRequest(
    `Previous response with id '${id}' cannot be continued: its status is '${status}'.`,
    'previous_response_id',
    'previous_response_not_completed',
  );
}

export function cannotCancelForeground(): WireError {
  return badRequest('Cannot cancel a synchronous response.', null, 'response_not_in_background');
}

export function cannotStreamForeground(): WireError {
  return badRequest(
    "Only responses that were created with 'background' set to true can be streamed again.",
    'stream',
    'response_not_in_background',
  );
}

/** What a background run ends with whose server went away in the middle of it. */
export function lostRun(): WireError {
  return new WireError({
    status: 500,
    type: 'server_error',
    code: 'server_error',
    message:
      'The server was restarted while the run was under way. What the agent did until then is done; the run was not repeated.',
  });
}

function notFound(message: string): WireError {
  return new WireError({ status: 404, type: 'invalid_request_error', message });
}

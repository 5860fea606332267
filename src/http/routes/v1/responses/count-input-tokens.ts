import type { FastifyInstance } from 'fastify';
import { debugLines } from '../../../../observability/index.ts';
import { type Turn, TurnError } from '../../../../turn/index.ts';
import { admitRequest } from '../../../admit-request.ts';
import { openJsonAnswer } from '../../../json-answer.ts';
import { newId } from '../../../new-id.ts';
import { logFailure } from '../../../reply-errors.ts';
import { reportIgnored } from '../../../report-ignored.ts';
import { prepareResponse } from '../../../responses/prepare-response.ts';
import { requestedProfile } from '../../../responses/requested-profile.ts';
import { type ChoiceEvent, runChoices } from '../../../run-choices.ts';
import { errorHeaders, toWireError, unparsableBody } from '../../../wire-errors.ts';
import type { CreateResponseDeps } from './create-response.ts';

/**
 * The input tokens of a request. Claude Code can only estimate a conversation, so upstream is asked for an answer of a
 * single token and says what it read: the count is true, and costs what reading the input costs. Nothing is stored.
 */
export function registerCountInputTokens(app: FastifyInstance, deps: CreateResponseDeps): void {
  const { engine, logger, timing } = deps;

  app.post('/v1/responses/input_tokens', async (request, reply) => {
    const caller = await admitRequest(deps, request, reply);
    const { body, record } = request;
    if (body === undefined) throw unparsableBody();
    const call = { id: newId('resp_'), createdAt: Date.now(), caller, body };
    const prepared = await prepareResponse({ ...call, profileName: requestedProfile(request) }, deps);
    const turn = withOneToken(prepared.turn);
    record.turnId = turn.id;
    record.model = turn.model;
    record.profile = turn.profile.name;
    reportIgnored(prepared.request.ignored, reply, logger);

    using running = deps.running.begin(reply.raw);
    using _record = record.run((reason) => running.abort(reason));
    const debug = debugLines(logger, request.id);
    debug.decoded(turn);
    const observe = (event: ChoiceEvent): void => {
      record.observe(event);
      debug.event(event);
    };
    await using run = runChoices(engine, turn, 1, { signal: running.signal, observe });
    using json = openJsonAnswer(reply, timing);
    try {
      for await (const { event } of run.events) {
        if (event.type === 'error') throw event.error;
        if (event.type === 'done')
          json.send(200, { object: 'response.input_tokens', input_tokens: event.usage.inputTokens });
        // A token is no room for a tool's call; one that runs all the same is not what was asked for.
        if (event.type === 'tool.started')
          throw new TurnError('engine_failed', 'The count could not be taken.');
      }
    } catch (cause) {
      const error = toWireError(cause);
      logFailure(logger, error, request.id);
      json.send(error.status, error.toBody(), errorHeaders(error));
    }
    return reply;
  });
}

function withOneToken(turn: Turn): Turn {
  return { ...turn, output: { maxTokens: 1, stop: [] }, reasoning: { effort: 'none' } };
}

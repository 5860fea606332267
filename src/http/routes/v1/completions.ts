import type { FastifyInstance } from 'fastify';
import { decodeCompletionRequest } from '../../../openai/index.ts';
import { collectTextCompletion } from '../../completions/collect-completion.ts';
import { streamTextCompletion } from '../../completions/stream-completion.ts';
import { identifyCaller } from '../../identify-caller.ts';
import { newId } from '../../new-id.ts';
import { reportIgnored } from '../../report-ignored.ts';
import { requestedProfile } from '../../responses/requested-profile.ts';
import { type ChoiceEvent, runTurns } from '../../run-choices.ts';
import { unparsableBody } from '../../wire-errors.ts';
import type { ChatCompletionsDeps } from './chat-completions.ts';

export type CompletionsDeps = Omit<ChatCompletionsDeps, 'showToolActivity'>;

/** Plain text to be continued, which editors use for inline prediction. */
export function registerCompletions(app: FastifyInstance, deps: CompletionsDeps): void {
  const { authenticator, engine, logger, timing } = deps;

  app.post('/v1/completions', async (request, reply) => {
    const { owner } = await identifyCaller(authenticator, request);
    const { body, record } = request;
    if (body === undefined) throw unparsableBody();
    const turnId = newId('turn_');
    const completion = decodeCompletionRequest(body, {
      turnId,
      owner,
      models: await deps.models(),
      profiles: deps.profiles,
      profileName: requestedProfile(request),
    });
    const { prompts, n, model } = completion;
    record.turnId = turnId;
    record.model = prompts[0]?.turn.model;
    record.profile = prompts[0]?.turn.profile.name;
    reportIgnored(completion.ignored, reply, logger);

    using running = deps.running.begin(reply.raw);
    using _record = record.hold();
    const observe = (event: ChoiceEvent): void => record.observe(event);
    const turns = prompts.flatMap(({ turn }) =>
      Array.from({ length: n }, (_, choice) => (n === 1 ? turn : { ...turn, id: `${turn.id}-${choice}` })),
    );
    await using run = runTurns(engine, turns, { signal: running.signal, observe });

    const answer = completion.stream ? streamTextCompletion : collectTextCompletion;
    const head = { id: newId('cmpl-'), created: Math.floor(Date.now() / 1000), model };
    await answer({ reply, request: completion, events: run.events, head, timing, logger });
    return reply;
  });
}

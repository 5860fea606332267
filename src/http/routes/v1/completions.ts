import type { FastifyInstance } from 'fastify';
import {
  CompletionCollector,
  CompletionStreamEncoder,
  decodeCompletionRequest,
  encodeTextCompletion,
} from '../../../openai/index.ts';
import { collectChoices } from '../../choices/collect-choices.ts';
import { streamChoices } from '../../choices/stream-choices.ts';
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

    const head = { id: newId('cmpl-'), created: Math.floor(Date.now() / 1000), model };
    // The choices of the first prompt come first.
    const choices = prompts.flatMap(({ echo }, prompt) =>
      Array.from({ length: n }, (_, choice) => ({ ...head, choiceIndex: prompt * n + choice, echo })),
    );
    const answer = { reply, events: run.events, timing, logger };
    if (completion.stream) {
      const encoders = choices.map((options) => new CompletionStreamEncoder(options));
      await streamChoices(answer, encoders, completion);
    } else {
      const collectors = choices.map((options) => new CompletionCollector(options));
      await collectChoices(answer, collectors, (collected) => encodeTextCompletion(head, collected));
    }
    return reply;
  });
}

import { z } from 'zod';
import type { Turn } from '../../turn/index.ts';
import { chooseProfile, type ProfileRules, type ProfileSet } from '../choose-profile.ts';
import { decodeSampling } from '../decode-sampling.ts';
import { invalidValue, unsupportedParameter } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import type { ModelDirectory } from '../models.ts';
import { parseBody } from '../parse-body.ts';
import { chooseService, type SideRequestService } from '../side-requests/choose-service.ts';
import type { SideRequestKind } from '../side-requests/side-request-rules.ts';

const maxChoices = 8;

export const completionSchema = z.looseObject({
  model: z.string().min(1),
  prompt: z.union([z.string(), z.array(z.string()).min(1)]),
  suffix: z.string().nullish(),
  echo: z.boolean().nullish(),
  n: z.int().min(1).max(maxChoices).nullish(),
  best_of: z.int().min(1).nullish(),
  logprobs: z.int().min(0).nullish(),
  max_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
});
type CompletionBody = z.output<typeof completionSchema>;

export interface CompletionContext {
  readonly turnId: string;
  readonly owner: string;
  readonly models: Pick<ModelDirectory, 'resolve'>;
  readonly profiles: ProfileSet;
  /** From the header `x-claudecode-profile`. */
  readonly profileName?: string | undefined;
  readonly profileRules?: ProfileRules | undefined;
  /** Absent: side requests are served as any other. */
  readonly sideRequests?: SideRequestService | undefined;
}

/** One text to be continued, `n` times. */
export interface CompletionPrompt {
  readonly turn: Turn;
  /** What the text of the choice begins with: the prompt itself if the client wants it back. */
  readonly echo: string;
}

export interface CompletionRequest {
  /** The choices of the first prompt come first, `n` for each. */
  readonly prompts: readonly CompletionPrompt[];
  readonly n: number;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  /** The stream ends with a chunk of usage. */
  readonly includeUsage: boolean;
  /** Absent: it is none. */
  readonly sideRequest?: SideRequestKind;
  readonly ignored: readonly IgnoredParameter[];
}

const continueText =
  'You continue texts. The user message is the beginning of a text, in <text> tags. Answer with what comes next in ' +
  'it and with nothing else: no explanation, no quotes, no code fence, no tags, and nothing of the given text again. ' +
  'Begin exactly where it breaks off, with white space only where the text needs it. Keep to its language, style and format.';
const fillText =
  'You fill gaps in texts. The user message has what comes before the gap in <before> tags and what comes after it ' +
  'in <after> tags. Answer with what belongs in the gap and with nothing else: no explanation, no quotes, no code fence, ' +
  'no tags, and nothing of the given text again. Keep to its language, style, format and indentation.';

/** Decodes a body of `POST /v1/completions`. Throws a WireError for what cannot be honoured. */
export function decodeCompletionRequest(body: unknown, context: CompletionContext): CompletionRequest {
  const request = parseBody(completionSchema, body);
  if (request.logprobs !== null && request.logprobs !== undefined) {
    throw unsupportedParameter('logprobs', "'logprobs' is not supported: Claude tells no log probabilities.");
  }
  const n = request.n ?? 1;
  const prompts = typeof request.prompt === 'string' ? [request.prompt] : request.prompt;
  if (prompts.length * n > maxChoices) {
    throw invalidValue('prompt', `Invalid 'prompt': at most ${maxChoices} choices can be asked for at once.`);
  }
  const resolved = context.models.resolve(request.model);
  const profile = chooseProfile(context.profiles, {
    header: context.profileName,
    modelId: resolved.profileName,
    // The text of a completion has no room for what an agent does.
    hasClientTools: true,
    rules: context.profileRules,
  });
  const [prompt = '', ...others] = prompts;
  const service = chooseService(
    {
      system: '',
      messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
      profile,
      model: resolved,
      effort: 'none',
      isPlain: others.length === 0,
    },
    context.sideRequests,
  );
  const sampling = decodeSampling({
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    effort: service.effort,
    adaptiveThinking: service.model.adaptiveThinking,
  });
  const suffix = request.suffix ?? '';
  const turnOf = (prompt: string, index: number): Turn => ({
    id: index === 0 ? context.turnId : `${context.turnId}_${index}`,
    owner: context.owner,
    model: service.model.model,
    profile: service.profile,
    ...(service.sideRequest === undefined ? {} : { aside: true }),
    system: suffix === '' ? continueText : fillText,
    messages: [{ role: 'user', parts: [{ type: 'text', text: asQuestion(prompt, suffix) }] }],
    tools: { tools: [], choice: { type: 'auto' }, parallel: true },
    output: decodeOutput(request),
    reasoning: sampling.reasoning,
    sampling: sampling.sampling,
  });

  return {
    prompts: prompts.map((prompt, index) => ({
      turn: turnOf(requireText(prompt, suffix), index),
      echo: request.echo === true ? prompt : '',
    })),
    n,
    model: request.model,
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    ...(service.sideRequest === undefined ? {} : { sideRequest: service.sideRequest }),
    ignored: [...sampling.ignored, ...reportIgnored(request, n)],
  };
}

function asQuestion(prompt: string, suffix: string): string {
  return suffix === '' ? `<text>${prompt}</text>` : `<before>${prompt}</before>\n<after>${suffix}</after>`;
}

function requireText(prompt: string, suffix: string): string {
  if (prompt.trim() !== '' || suffix.trim() !== '') return prompt;
  throw invalidValue('prompt', "Invalid 'prompt': there is no text to continue.");
}

/** OpenAI's default of 16 tokens fits no use of today, so without `max_tokens` the text ends by itself. */
function decodeOutput(request: CompletionBody): Turn['output'] {
  const maxTokens = request.max_tokens ?? undefined;
  const stop = typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []);
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    stop: stop.filter((text) => text !== ''),
  };
}

function reportIgnored(request: CompletionBody, n: number): IgnoredParameter[] {
  const reason = 'Claude has no counterpart.';
  const used: readonly (readonly [string, boolean])[] = [
    ['frequency_penalty', (request.frequency_penalty ?? 0) !== 0],
    ['presence_penalty', (request.presence_penalty ?? 0) !== 0],
    ['logit_bias', Object.keys(Object(request['logit_bias'])).length > 0],
    ['seed', request['seed'] !== undefined && request['seed'] !== null],
    ['best_of', (request.best_of ?? n) > n],
  ];
  return used.flatMap(([param, isUsed]) => (isUsed ? [{ param, reason }] : []));
}

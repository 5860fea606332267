import { isJsonObject } from '../../turn/index.ts';
import { unsupportedParameter } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import type { ChatRequestBody } from './chat-request-schema.ts';

/** Refuses what would change the answer's form; a client that asks for it cannot use an answer without it. */
export function refuseUnsupported(body: ChatRequestBody): void {
  if (body.logprobs === true) {
    throw unsupportedParameter('logprobs', "'logprobs' is not supported: Claude tells no log probabilities.");
  }
  if ((body.top_logprobs ?? 0) > 0) {
    throw unsupportedParameter(
      'top_logprobs',
      "'top_logprobs' is not supported: Claude tells no log probabilities.",
    );
  }
  if (body.modalities?.includes('audio')) {
    throw unsupportedParameter(
      'modalities',
      "The modality 'audio' is not supported: Claude answers in text.",
    );
  }
  if (isSet(body['audio'])) {
    throw unsupportedParameter('audio', "'audio' is not supported: Claude answers in text.");
  }
}

/**
 * What was asked for beyond the default and has no effect. Record-only fields (`user`, `metadata`,
 * `safety_identifier`, `prompt_cache_key`) ask for nothing of the answer and are not among them.
 */
export function reportIgnored(body: ChatRequestBody): IgnoredParameter[] {
  const noCounterpart = 'Claude has no counterpart.';
  const serviceTier = body.service_tier ?? 'auto';
  const found: (IgnoredParameter & { readonly isUsed: boolean })[] = [
    { param: 'frequency_penalty', isUsed: (body.frequency_penalty ?? 0) !== 0, reason: noCounterpart },
    { param: 'presence_penalty', isUsed: (body.presence_penalty ?? 0) !== 0, reason: noCounterpart },
    { param: 'logit_bias', isUsed: Object.keys(body.logit_bias ?? {}).length > 0, reason: noCounterpart },
    { param: 'seed', isUsed: isSet(body['seed']), reason: noCounterpart },
    { param: 'prediction', isUsed: isSet(body['prediction']), reason: noCounterpart },
    { param: 'top_k', isUsed: isSet(body['top_k']), reason: 'It is no parameter of the OpenAI API.' },
    {
      param: 'verbosity',
      isUsed: (body.verbosity ?? 'medium') !== 'medium',
      reason: 'Claude has no counterpart; ask for a short or long answer in the prompt.',
    },
    {
      param: 'web_search_options',
      isUsed: isJsonObject(body['web_search_options']),
      reason: 'The agent profile searches the web when it finds that useful.',
    },
    { param: 'store', isUsed: body.store === true, reason: 'Chat completions are not stored.' },
    {
      param: 'service_tier',
      isUsed: serviceTier !== 'auto' && serviceTier !== 'default',
      reason: 'There is one service tier.',
    },
  ];
  return found.flatMap(({ param, reason, isUsed }) => (isUsed ? [{ param, reason }] : []));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

import { isJsonObject } from '../../turn/index.ts';
import { badRequest, unsupportedParameter } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import type { ResponsesRequestBody } from './responses-request-schema.ts';

/** Refuses what would change the answer's form; a client that asks for it cannot use an answer without it. */
export function refuseUnsupported(body: ResponsesRequestBody): void {
  if ((body.top_logprobs ?? 0) > 0) {
    throw unsupportedParameter(
      'top_logprobs',
      "'top_logprobs' is not supported: Claude tells no log probabilities.",
    );
  }
  if (isSet(body['prompt'])) {
    throw unsupportedParameter(
      'prompt',
      "'prompt' is not supported: there are no stored prompts here; send 'instructions' and 'input'.",
    );
  }
  if (body.background === true && body.store === false) {
    throw badRequest("Background mode requires 'store' to be true.", 'background', 'invalid_value');
  }
}

const noCounterpart = 'Claude has no counterpart.';
const noField = 'It is no parameter of the Responses API.';

/** Of the values of `include`, those that make no difference here. */
const includeReasons: Readonly<Record<string, string>> = {
  'reasoning.encrypted_content':
    'The thinking stays at the server, which finds it again by the conversation.',
  'message.output_text.logprobs': 'Claude tells no log probabilities.',
  'file_search_call.results': 'There is no file search.',
  'computer_call_output.output.image_url': 'There is no computer use.',
  'web_search_call.results': 'The engine does not tell the results, only their sources.',
};
const honouredIncludes = [
  'code_interpreter_call.outputs',
  'web_search_call.action.sources',
  // Input items keep their images anyway.
  'message.input_image.image_url',
];

/**
 * What was asked for beyond the default and has no effect. Record-only fields (`user`, `metadata`,
 * `safety_identifier`, `prompt_cache_key`, `client_metadata`) ask for nothing of the answer and are not among them.
 */
export function reportIgnored(body: ResponsesRequestBody): IgnoredParameter[] {
  const serviceTier = body.service_tier ?? 'auto';
  const streamOptions = body['stream_options'];
  const found: (IgnoredParameter & { readonly isUsed: boolean })[] = [
    { param: 'frequency_penalty', isUsed: (body.frequency_penalty ?? 0) !== 0, reason: noCounterpart },
    { param: 'presence_penalty', isUsed: (body.presence_penalty ?? 0) !== 0, reason: noCounterpart },
    { param: 'seed', isUsed: isSet(body['seed']), reason: noField },
    { param: 'stop', isUsed: isSet(body['stop']), reason: noField },
    { param: 'top_k', isUsed: isSet(body['top_k']), reason: noField },
    {
      param: 'text.verbosity',
      isUsed: (body.text?.verbosity ?? 'medium') !== 'medium',
      reason: 'Claude has no counterpart; ask for a short or long answer in the instructions.',
    },
    {
      param: 'context_management',
      isUsed: isSet(body['context_management']),
      reason: 'Claude Code compacts a long conversation by itself.',
    },
    { param: 'moderation', isUsed: isSet(body['moderation']), reason: noCounterpart },
    {
      param: 'stream_options.include_obfuscation',
      isUsed: isJsonObject(streamOptions) && streamOptions['include_obfuscation'] === true,
      reason: 'Events are sent without padding.',
    },
    {
      param: 'service_tier',
      isUsed: serviceTier !== 'auto' && serviceTier !== 'default',
      reason: 'There is one service tier.',
    },
  ];
  const fields = found.flatMap(({ param, reason, isUsed }) => (isUsed ? [{ param, reason }] : []));
  const includes = (body.include ?? []).flatMap((value) => {
    if (honouredIncludes.includes(value)) return [];
    const reason = Object.hasOwn(includeReasons, value) ? includeReasons[value] : undefined;
    return [{ param: `include[${value}]`, reason: reason ?? 'It is not known here.' }];
  });
  return [...fields, ...includes];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

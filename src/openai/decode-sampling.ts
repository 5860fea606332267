import type { ReasoningSetup, Sampling } from '../turn/index.ts';
import type { IgnoredParameter } from './ignored-parameter.ts';

export interface SamplingRequest {
  /** 0 to 2. */
  readonly temperature: number | undefined;
  /** 0 to 1. */
  readonly topP: number | undefined;
  readonly effort: ReasoningSetup['effort'];
  /** False only for a model that is known to take sampling parameters. */
  readonly adaptiveThinking: boolean | undefined;
}

export interface DecodedSampling {
  readonly sampling: Sampling;
  readonly reasoning: ReasoningSetup;
  readonly ignored: readonly IgnoredParameter[];
}

/**
 * Claude refuses sampling parameters while it thinks, and models with adaptive thinking refuse them always.
 * So they are forwarded only to other models and only without thinking; a client that asks for them and says
 * nothing of reasoning means them, and gets an answer without thinking. 1 is the default of both.
 */
export function decodeSampling(request: SamplingRequest): DecodedSampling {
  const ignored: IgnoredParameter[] = [];
  const { effort, adaptiveThinking } = request;
  const reasoning: ReasoningSetup = effort === undefined ? {} : { effort };
  const temperature = request.temperature === 1 ? undefined : request.temperature;
  const topP = request.topP === 1 ? undefined : request.topP;
  if (temperature === undefined && topP === undefined) return { sampling: {}, reasoning, ignored };

  if (temperature !== undefined && temperature > 1) {
    ignored.push({ param: 'temperature', reason: 'Claude takes 0 to 1; 1 is used.' });
  }
  const wanted = [
    ...(temperature !== undefined && temperature < 1 ? [['temperature', temperature] as const] : []),
    ...(topP !== undefined ? [['top_p', topP] as const] : []),
  ];
  const [first, ...rest] = wanted;
  if (first === undefined) return { sampling: {}, reasoning, ignored };

  const refusal = reasonToRefuse(effort, adaptiveThinking);
  if (refusal !== undefined) {
    ignored.push(...wanted.map(([param]) => ({ param, reason: refusal })));
    return { sampling: {}, reasoning, ignored };
  }
  ignored.push(
    ...rest.map(([param]) => ({ param, reason: 'Claude does not take it together with temperature.' })),
  );
  const [param, value] = first;
  return {
    sampling: param === 'temperature' ? { temperature: value } : { topP: value },
    reasoning: { effort: 'none' },
    ignored,
  };
}

function reasonToRefuse(
  effort: ReasoningSetup['effort'],
  adaptiveThinking: boolean | undefined,
): string | undefined {
  if (adaptiveThinking === true) return 'The model does not take sampling parameters.';
  if (adaptiveThinking === undefined) return 'The model is not known to take sampling parameters.';
  if (effort !== undefined && effort !== 'none') return 'Claude does not take it while it thinks.';
  return undefined;
}

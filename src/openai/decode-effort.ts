import type { ReasoningSetup } from '../turn/index.ts';

export type WireEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** OpenAI's `minimal` asks for next to no reasoning, which is Claude's `none`: not at all, or as little as the model can. */
export function decodeEffort(effort: WireEffort | null | undefined): ReasoningSetup['effort'] {
  if (effort === null || effort === undefined) return undefined;
  return effort === 'minimal' ? 'none' : effort;
}

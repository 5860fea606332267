import type { ReasoningSetup } from '../turn/index.ts';

export type WireEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** OpenAI's `minimal` asks for next to no reasoning; Claude's least is to think not at all. */
export function decodeEffort(effort: WireEffort | null | undefined): ReasoningSetup['effort'] {
  if (effort === null || effort === undefined) return undefined;
  return effort === 'minimal' ? 'none' : effort;
}

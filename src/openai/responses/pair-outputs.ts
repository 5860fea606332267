import type { PlacedItem } from './decode-input-items.ts';

interface Segment {
  /** Items of one assistant message, or one item of another kind. */
  readonly items: PlacedItem[];
  readonly outputs: PlacedItem[];
  readonly assistant: boolean;
}

/**
 * Moves outputs of tools right behind the run of calls that they answer: OpenAI lets other items stand between,
 * Claude does not. An output without a call before it keeps its place.
 */
export function pairOutputs(placed: readonly PlacedItem[]): PlacedItem[] {
  const segments: Segment[] = [];
  const waiting = new Map<string, Segment>();
  for (const one of placed) {
    const { item } = one;
    if (item.type === 'function_call_output' || item.type === 'custom_tool_call_output') {
      const answered = waiting.get(item.call_id);
      waiting.delete(item.call_id);
      if (answered === undefined) segments.push({ items: [one], outputs: [], assistant: false });
      else answered.outputs.push(one);
      continue;
    }
    const isCall = item.type === 'function_call' || item.type === 'custom_tool_call';
    const assistant = isCall || (item.type === 'message' && item.role === 'assistant');
    const last = segments.at(-1);
    const joins = assistant && last?.assistant === true && last.outputs.length === 0;
    const segment: Segment = joins ? last : { items: [], outputs: [], assistant };
    if (!joins) segments.push(segment);
    segment.items.push(one);
    if (isCall) waiting.set(item.call_id, segment);
  }
  return segments.flatMap(({ items, outputs }) => [...items, ...outputs]);
}

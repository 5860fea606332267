import type { ResponsesRequest, StoredItem } from '../../openai/index.ts';

/**
 * The turn that the conversation goes on from: that of the previous response, whose id it had. Where the assistant
 * said more since then, or a summary stands for what was said, no turn ended just there.
 */
export function findAfter(
  { previousResponseId, inputItems }: Pick<ResponsesRequest, 'previousResponseId' | 'inputItems'>,
  history: readonly StoredItem[],
): string | undefined {
  if (previousResponseId === undefined) return undefined;
  const last = history.findLast((item) => isOfAssistant(item));
  if (last?.type === 'compaction' || inputItems.some(isOfAssistant)) return undefined;
  return previousResponseId;
}

function isOfAssistant(item: StoredItem): boolean {
  switch (item.type) {
    case 'message':
      return item.role === 'assistant';
    case 'function_call':
    case 'custom_tool_call':
    case 'compaction':
      return true;
    default:
      return false;
  }
}

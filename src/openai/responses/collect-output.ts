import type { OutputItem } from './items.ts';
import type { ResponseEvent } from './response-events.ts';

/** The items that these events have told so far. What has no end among them is told as incomplete. */
export function collectOutput(events: readonly ResponseEvent[]): OutputItem[] {
  const items: OutputItem[] = [];
  const open = new Set<number>();
  for (const event of events) {
    if (!('output_index' in event)) continue;
    const index = event.output_index;
    if (event.type === 'response.output_item.added') open.add(index);
    if (event.type === 'response.output_item.done') open.delete(index);
    const next = 'item' in event ? event.item : extend(items[index], event);
    if (next !== undefined) items[index] = next;
  }
  return items.map((item, index) => (open.has(index) ? cutOff(item) : item));
}

function extend(
  item: OutputItem | undefined,
  event: Exclude<ResponseEvent, { item: OutputItem }>,
): OutputItem | undefined {
  switch (event.type) {
    case 'response.content_part.added':
    case 'response.content_part.done':
      if (item?.type !== 'message' || item.role !== 'assistant') return item;
      return { ...item, content: replaceAt(item.content, event.content_index, event.part) };
    case 'response.output_text.delta':
    case 'response.output_text.annotation.added': {
      if (item?.type !== 'message' || item.role !== 'assistant') return item;
      const part = item.content[event.content_index];
      if (part?.type !== 'output_text') return item;
      const longer =
        event.type === 'response.output_text.delta'
          ? { ...part, text: part.text + event.delta }
          : { ...part, annotations: replaceAt(part.annotations, event.annotation_index, event.annotation) };
      return { ...item, content: replaceAt(item.content, event.content_index, longer) };
    }
    case 'response.reasoning_summary_part.added':
    case 'response.reasoning_summary_part.done':
      if (item?.type !== 'reasoning') return item;
      return { ...item, summary: replaceAt(item.summary, event.summary_index, event.part) };
    case 'response.reasoning_summary_text.delta': {
      if (item?.type !== 'reasoning') return item;
      const before = item.summary[event.summary_index]?.text ?? '';
      const longer = { type: 'summary_text', text: before + event.delta } as const;
      return { ...item, summary: replaceAt(item.summary, event.summary_index, longer) };
    }
    case 'response.function_call_arguments.delta':
      return item?.type === 'function_call' ? { ...item, arguments: item.arguments + event.delta } : item;
    case 'response.mcp_call_arguments.delta':
      return item?.type === 'mcp_call' ? { ...item, arguments: item.arguments + event.delta } : item;
    case 'response.custom_tool_call_input.delta':
      return item?.type === 'custom_tool_call' ? { ...item, input: item.input + event.delta } : item;
    case 'response.code_interpreter_call_code.delta':
      if (item?.type !== 'code_interpreter_call') return item;
      return { ...item, code: (item.code ?? '') + event.delta };
    default:
      return item;
  }
}

function cutOff(item: OutputItem): OutputItem {
  switch (item.type) {
    case 'web_search_call':
      return { ...item, status: 'failed' };
    case 'compaction':
    case 'mcp_approval_request':
      return item;
    default:
      return { ...item, status: 'incomplete' };
  }
}

function replaceAt<Item>(list: readonly Item[], index: number, item: Item): Item[] {
  const copy = [...list];
  copy[index] = item;
  return copy;
}

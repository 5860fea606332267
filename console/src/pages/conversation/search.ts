import { present, type RawSearch, readOneOf } from '../../search/read-search.ts';

export function readConversationSearch(raw: RawSearch) {
  return present({ tab: readOneOf(raw['tab'], ['chat', 'raw'] as const) });
}

import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readConversationsSearch(raw: RawSearch) {
  return present({ text: readText(raw['text']), key: readText(raw['key']), view: readText(raw['view']) });
}

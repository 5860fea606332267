import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readRunsSearch(raw: RawSearch) {
  return present({ text: readText(raw['text']), view: readText(raw['view']) });
}

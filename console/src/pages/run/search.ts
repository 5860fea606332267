import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readRunSearch(raw: RawSearch) {
  return present({ tab: readText(raw['tab']) });
}

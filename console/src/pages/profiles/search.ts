import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readProfilesSearch(raw: RawSearch) {
  return present({ text: readText(raw['text']), sort: readText(raw['sort']) });
}

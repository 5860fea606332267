import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readProfileSearch(raw: RawSearch) {
  return present({
    /** For a new one: which profile it begins as a copy of. */
    from: readText(raw['from']),
  });
}

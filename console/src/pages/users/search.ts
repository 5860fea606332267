import { present, type RawSearch, readFlag, readText } from '../../search/read-search.ts';

export function readUsersSearch(raw: RawSearch) {
  return present({
    text: readText(raw['text']),
    sort: readText(raw['sort']),
    /** The form for a new one is open. */
    create: readFlag(raw['create']),
  });
}

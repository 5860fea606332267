import { present, type RawSearch, readFlag, readOneOf, readText } from '../../search/read-search.ts';

export const keyStates = ['active', 'inactive', 'expired'] as const;

export function readKeysSearch(raw: RawSearch) {
  return present({
    text: readText(raw['text']),
    sort: readText(raw['sort']),
    tag: readText(raw['tag']),
    state: readOneOf(raw['state'], keyStates),
    /** The id of the saved view that is open. */
    view: readText(raw['view']),
    /** The form for a new one is open. */
    create: readFlag(raw['create']),
  });
}

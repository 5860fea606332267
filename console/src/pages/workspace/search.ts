import { present, type RawSearch, readOneOf, readText } from '../../search/read-search.ts';

export function readWorkspaceSearch(raw: RawSearch) {
  return present({
    /** The directory that is shown; absent: the top. */
    path: readText(raw['path']),
    /** The file that is looked at. */
    file: readText(raw['file']),
    view: readOneOf(raw['view'], ['rendered'] as const),
    sort: readText(raw['sort']),
    text: readText(raw['text']),
  });
}

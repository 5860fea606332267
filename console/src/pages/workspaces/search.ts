import { present, type RawSearch, readOneOf, readText } from '../../search/read-search.ts';

export const workspaceKinds = ['shared', 'key', 'conversation', 'named', 'container'] as const;

export function readWorkspacesSearch(raw: RawSearch) {
  return present({
    text: readText(raw['text']),
    kind: readOneOf(raw['kind'], workspaceKinds),
    sort: readText(raw['sort']),
    /** The id of the saved view that is open. */
    view: readText(raw['view']),
  });
}

import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readPlaygroundSearch(raw: RawSearch) {
  return present({
    model: readText(raw['model']),
    /** A record, whose request is loaded. */
    replay: readText(raw['replay']),
    /** A stored conversation, or the last response of a chain, to go on from. */
    conversation: readText(raw['conversation']),
  });
}

import { readRange } from '../../range/range.ts';
import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readAuditSearch(raw: RawSearch) {
  return present({
    action: readText(raw['action']),
    actor: readText(raw['actor']),
    range: readRange(raw['range']),
    text: readText(raw['text']),
    /** The id of the saved view that is open. */
    view: readText(raw['view']),
    entry: readText(raw['entry']),
  });
}

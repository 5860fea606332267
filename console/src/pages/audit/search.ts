import { readRange } from '../../range/range.ts';
import { present, type RawSearch, readText } from '../../search/read-search.ts';

export function readAuditSearch(raw: RawSearch) {
  return present({
    action: readText(raw['action']),
    actor: readText(raw['actor']),
    range: readRange(raw['range']),
    text: readText(raw['text']),
    entry: readText(raw['entry']),
  });
}

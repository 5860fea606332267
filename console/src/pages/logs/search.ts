import { present, type RawSearch, readOneOf, readText } from '../../search/read-search.ts';
import { levelNames } from './log-row.ts';

export function readLogsSearch(raw: RawSearch) {
  return present({
    text: readText(raw['text']),
    level: readOneOf(raw['level'], levelNames),
    /** The id of the saved view that is open. */
    view: readText(raw['view']),
  });
}

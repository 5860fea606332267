import { readRange } from '../../range/range.ts';
import { present, type RawSearch, readOneOf } from '../../search/read-search.ts';

const keyTabs = ['usage', 'settings'] as const;

export function readKeySearch(raw: RawSearch) {
  return present({ tab: readOneOf(raw['tab'], keyTabs), range: readRange(raw['range']) });
}

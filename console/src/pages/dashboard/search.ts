import { readRange } from '../../range/range.ts';
import { present, type RawSearch, readOneOf } from '../../search/read-search.ts';

export const breakdowns = ['model', 'key', 'owner', 'tag', 'endpoint'] as const;

export function readDashboardSearch(raw: RawSearch) {
  return present({ range: readRange(raw['range']), by: readOneOf(raw['by'], breakdowns) });
}

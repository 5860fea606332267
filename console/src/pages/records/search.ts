import { readRange } from '../../range/range.ts';
import { present, type RawSearch, readList, readNumber, readText } from '../../search/read-search.ts';

export type RecordsSearch = ReturnType<typeof readRecordsSearch>;

/** The filters of the list, as they stand in the address. */
export function readRecordsSearch(raw: RawSearch) {
  return present({
    range: readRange(raw['range']),
    /** `ok`, `error`, or a status. */
    status: readStatus(raw['status']),
    endpoint: readList(raw['endpoint']),
    key: readList(raw['key']),
    model: readList(raw['model']),
    profile: readList(raw['profile']),
    conversation: readText(raw['conversation']),
    minDurationMs: readNumber(raw['minDurationMs']),
    minCostUsd: readNumber(raw['minCostUsd']),
    text: readText(raw['text']),
    /** The id of the saved view that is open. */
    view: readText(raw['view']),
    /** The record that is shown in the drawer. */
    peek: readText(raw['peek']),
  });
}

function readStatus(value: unknown): 'ok' | 'error' | number | undefined {
  if (value === 'ok' || value === 'error') return value;
  const status = readNumber(value);
  return status !== undefined && status >= 100 && status <= 599 ? Math.round(status) : undefined;
}

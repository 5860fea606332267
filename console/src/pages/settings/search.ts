import { present, type RawSearch, readOneOf, readText } from '../../search/read-search.ts';

export const settingSources = ['default', 'console', 'environment', 'file'] as const;

export function readSettingsSearch(raw: RawSearch) {
  return present({
    text: readText(raw['text']),
    group: readText(raw['group']),
    source: readOneOf(raw['source'], settingSources),
    tab: readOneOf(raw['tab'], ['history', 'links'] as const),
  });
}

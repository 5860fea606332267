import type { View } from '../../../src/contract/index.ts';
import { parseSearch, writeSearch } from '../search/search-text.ts';

/** Where a page shows one of its views; the page leaves out what it does not know of it. */
export function addressOfView({ id, page, search }: Pick<View, 'id' | 'page' | 'search'>): string {
  return `/webui/${page}${writeSearch({ ...parseSearch(search), view: id })}`;
}

import { useMemo, useState } from 'react';
import type { RequestRecord } from '../../../../src/contract/index.ts';
import { useApiPages } from '../../api/use-api.ts';
import { useChannel } from '../../live/live.ts';
import { type Filter, filterOf, fits, mergeNew } from './filter.ts';
import type { RecordsSearch } from './search.ts';

/** Beyond so many the list is asked for anew instead. */
const mostKept = 500;

interface Fresh {
  readonly filter: Filter | undefined;
  /** In the list. */
  readonly shown: readonly RequestRecord[];
  /** Not yet: it is paused, or somebody reads further down. */
  readonly waiting: readonly RequestRecord[];
  /** Of those that did not fit into `waiting`. */
  readonly dropped: number;
}

const noneFresh: Fresh = { filter: undefined, shown: [], waiting: [], dropped: 0 };

/**
 * The records that fit, newest first, page by page, with those that come in meanwhile. `hold`: asked when one comes;
 * true: it waits.
 */
export function useRecords(search: RecordsSearch, live: boolean, hold: () => boolean) {
  const [askedAt, setAskedAt] = useState(() => Date.now());
  const { peek: _, view: __, ...filters } = search;
  const shape = JSON.stringify(filters);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape is what the search says.
  const filter = useMemo(() => filterOf(filters, askedAt), [shape, askedAt]);
  const query = useApiPages(
    'listRecords',
    { query: { ...filter, limit: 100 } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const [state, setFresh] = useState(noneFresh);
  const fresh = state.filter === filter ? state : noneFresh;

  const again = (): void => {
    setFresh(noneFresh);
    setAskedAt(Date.now());
  };
  useChannel(
    'requests',
    (event) => {
      if (event.type !== 'request_ended' || !fits(event.data, filter)) return;
      const isHeld = !live || hold();
      setFresh((before) => {
        const { shown, waiting, dropped } = before.filter === filter ? before : noneFresh;
        if (!isHeld) return { filter, shown: [event.data, ...shown], waiting, dropped };
        const full = waiting.length >= mostKept;
        return {
          filter,
          shown,
          waiting: full ? waiting : [event.data, ...waiting],
          dropped: dropped + (full ? 1 : 0),
        };
      });
    },
    again,
  );

  const takeIn = (): void => {
    if (fresh.dropped > 0) again();
    else setFresh({ filter, shown: [...fresh.waiting, ...fresh.shown], waiting: [], dropped: 0 });
  };
  const rows = useMemo(
    () => mergeNew(fresh.shown, query.items, query.hasNextPage),
    [fresh.shown, query.items, query.hasNextPage],
  );
  return {
    filter,
    query,
    rows,
    searchedTo: query.hasNextPage ? (query.pages.at(-1)?.searchedTo ?? null) : null,
    waiting: fresh.waiting.length + fresh.dropped,
    takeIn,
    refresh: again,
  };
}

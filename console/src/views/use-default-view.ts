import { useEffect, useEffectEvent, useRef } from 'react';
import type { View, ViewPage } from '../../../src/contract/index.ts';

/** Opens the page's view where the page was entered by an address that says nothing: a link with filters wins. */
export function useDefaultView(
  page: ViewPage,
  views: readonly View[] | undefined,
  search: object,
  open: (view: View) => void,
): void {
  const says = Object.keys(search).length > 0;
  const awaited = useRef(!says);
  const enter = useEffectEvent((known: readonly View[]) => {
    if (!awaited.current) return;
    awaited.current = false;
    const view = known.find((one) => one.page === page && one.isDefault);
    // Somebody may have chosen filters while the views were on their way.
    if (view !== undefined && !says) open(view);
  });
  useEffect(() => {
    if (views !== undefined) enter(views);
  }, [views]);
}

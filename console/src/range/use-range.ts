import { useEffect, useState } from 'react';
import { type RangeText, refreshEvery, resolveRange, type TimeSpan } from './range.ts';

/** The two ends of a range. One that ends now moves on, in steps, so that what is asked for with it stays cached. */
export function useRange(range: RangeText): TimeSpan {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const every = refreshEvery(range);
    if (every === false) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, every);
    return () => clearInterval(timer);
  }, [range]);
  return resolveRange(range, now);
}

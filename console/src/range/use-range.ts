import { useEffect, useState } from 'react';
import { type RangeText, refreshEvery, steppedRange, type TimeSpan } from './range.ts';

/** The two ends of a range. One that ends now moves on, in steps, so that what is asked for with it stays cached. */
export function useRange(range: RangeText): TimeSpan {
  const [asked, setAsked] = useState(() => ({ range, now: Date.now() }));
  if (asked.range !== range) setAsked({ range, now: Date.now() });
  useEffect(() => {
    const every = refreshEvery(range);
    if (every === false) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setAsked({ range, now: Date.now() });
    }, every);
    return () => clearInterval(timer);
  }, [range]);
  return steppedRange(range, asked.now);
}

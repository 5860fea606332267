import { useEffect, useRef } from 'react';
import { formatNumber } from '../format/format.ts';
import { Button } from './button.tsx';

interface LoadMoreProps {
  readonly hasMore: boolean | undefined;
  readonly loading: boolean;
  /** The last try went wrong: nothing more is loaded until somebody says so. */
  readonly failed: boolean;
  readonly onLoad: () => unknown;
  /** How many are shown. */
  readonly shown: number;
  /** What one is called, and several: `request`, `requests`. */
  readonly nouns: readonly [one: string, many: string];
}

/** Below a list that comes in pages. Loads the next one by itself when it comes into view. */
export function LoadMore({ hasMore = false, loading, failed, onLoad, shown, nouns }: LoadMoreProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!hasMore || loading || failed || place.current === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onLoad(), {
      rootMargin: '400px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [hasMore, loading, failed, onLoad]);
  if (shown === 0) return null;
  return (
    <div
      ref={place}
      className="flex items-center justify-between gap-4 border-t border-line px-4 py-2 text-xs text-faint"
    >
      <span>
        {formatNumber(shown)} {nouns[shown === 1 ? 0 : 1]}
        {hasMore ? ' so far' : ''}
        {failed && (
          <span role="alert" className="ml-3 text-danger">
            The next ones could not be loaded.
          </span>
        )}
      </span>
      {hasMore && (
        <Button size="sm" busy={loading} onClick={() => onLoad()}>
          {failed ? 'Try again' : 'Load more'}
        </Button>
      )}
    </div>
  );
}

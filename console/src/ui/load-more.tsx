import { useEffect, useRef } from 'react';
import { Button } from './button.tsx';

interface LoadMoreProps {
  readonly hasMore: boolean | undefined;
  readonly loading: boolean;
  readonly onLoad: () => unknown;
  /** How many are shown. */
  readonly shown: number;
  /** What they are called: `requests`. */
  readonly noun: string;
  /** Loads by itself when it comes into view. Default: true. */
  readonly auto?: boolean;
}

/** Below a list that comes in pages. */
export function LoadMore({ hasMore = false, loading, onLoad, shown, noun, auto = true }: LoadMoreProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!auto || !hasMore || loading || place.current === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onLoad(), {
      rootMargin: '400px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [auto, hasMore, loading, onLoad]);
  if (shown === 0) return null;
  return (
    <div
      ref={place}
      className="flex items-center justify-between gap-4 border-t border-line px-4 py-2 text-xs text-faint"
    >
      <span>
        {shown.toLocaleString('en-US')} {noun}
        {hasMore ? ' so far' : ''}
      </span>
      {hasMore && (
        <Button size="sm" busy={loading} onClick={() => onLoad()}>
          Load more
        </Button>
      )}
    </div>
  );
}

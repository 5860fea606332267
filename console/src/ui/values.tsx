import { useEffect, useState } from 'react';
import { formatRelative, formatTime, none } from '../format/format.ts';
import { Tooltip } from './tooltip.tsx';

/** All times on a page move on together. */
const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, every ten seconds anew. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    listeners.add(setNow);
    timer ??= setInterval(() => {
      const at = Date.now();
      for (const listener of listeners) listener(at);
    }, 10_000);
    return () => {
      listeners.delete(setNow);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return now;
}

/** `3 min. ago`, and the whole of it in a tooltip. */
export function TimeText({ at, className }: { readonly at: number | null; readonly className?: string }) {
  const now = useNow();
  if (at === null) return <span className={className}>{none}</span>;
  return (
    <Tooltip text={formatTime(at)}>
      <time dateTime={new Date(at).toISOString()} className={className}>
        {formatRelative(at, Math.max(now, Date.now()))}
      </time>
    </Tooltip>
  );
}

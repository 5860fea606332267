import { useEffect, useState } from 'react';
import { formatDuration } from '../format/format.ts';

interface ElapsedProps {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly className?: string;
}

/** How long something goes on, each second anew. */
export function Elapsed({ since, className }: ElapsedProps) {
  const now = useSeconds();
  return (
    <span className={className}>{formatDuration(Math.max(0, Math.floor((now - since) / 1000) * 1000))}</span>
  );
}

/** How long there is left; `over` when there is nothing. */
export function TimeLeft({
  until,
  over,
  className,
}: {
  readonly until: number;
  readonly over: string;
  readonly className?: string;
}) {
  const left = until - useSeconds();
  return (
    <span className={className}>
      {left <= 0 ? over : `${formatDuration(Math.ceil(left / 1000) * 1000)} left`}
    </span>
  );
}

/** The time, every second anew. */
export function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

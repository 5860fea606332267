import { useEffect, useState, useSyncExternalStore } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useChannel } from '../../live/live.ts';
import { LogBuffer } from './log-buffer.ts';

/** The tail of the log and what comes after it. */
export function useLogView() {
  const [buffer] = useState(() => new LogBuffer());
  const tail = useApi('getLogTail', {}, { staleTime: 0 });
  useChannel(
    'logs',
    (event) => {
      if (event.type === 'log_line') buffer.push(event.data);
    },
    () => void tail.refetch(),
  );
  const { data } = tail;
  useEffect(() => {
    if (data !== undefined) buffer.merge(data.lines);
  }, [buffer, data]);
  return { buffer, tail, view: useSyncExternalStore(buffer.subscribe, () => buffer.view) };
}

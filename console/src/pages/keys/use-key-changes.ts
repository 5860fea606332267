import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { refetchAll } from '../../api/use-api.ts';
import { useChannel } from '../../live/live.ts';

const pauseMs = 300;

/** Keeps keys as they are on the server: what others change is seen at once. */
export function useKeyChanges(): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Many changes in a row are asked for once.
  const refresh = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void refetchAll(client, ['listKeys', 'getKey']), pauseMs);
  };
  useChannel('keys', refresh, refresh);
  useEffect(() => () => clearTimeout(timer.current), []);
}

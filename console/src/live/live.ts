import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { ChannelName } from '../../../src/contract/index.ts';
import { loadSession } from '../session/current-session.ts';
import { LiveConnection, type LiveEvent, type LiveState } from './live-connection.ts';

export const live = new LiveConnection({
  open: (handlers) => {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    socket.onmessage = ({ data }) => handlers.onMessage(data);
    socket.onclose = ({ code }) => handlers.onClose(code);
    return socket;
  },
  onSessionEnded: () => void loadSession(),
});

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => live.hurry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') live.hurry();
  });
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.onState, () => live.state);
}

/**
 * Tells `onEvent` what is published on a channel while the component is shown. `onGap`: some of it was missed, ask the
 * API again. No channel: nothing is watched.
 */
export function useChannel(
  channel: ChannelName | null,
  onEvent: (event: LiveEvent) => void,
  onGap: () => void = noGap,
): void {
  const tell = useEffectEvent(onEvent);
  const tellGap = useEffectEvent(onGap);
  useEffect(() => {
    if (channel === null) return undefined;
    return live.watch(channel, { onEvent: (event) => tell(event), onGap: () => tellGap() });
  }, [channel]);
}

function noGap(): void {}

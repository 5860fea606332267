import { useEffect, useEffectEvent } from 'react';
import { call } from '../../../api/call.ts';
import { useChannel } from '../../../live/live.ts';
import { playground, usePlayground } from './playground.ts';

/** A record is written a moment after the end. */
const waitMs = 2500;

/** Fills in what answers have cost: as their records are told live, or by asking for those that were missed. */
export function useCosts(): void {
  const { conversation } = usePlayground();
  useChannel('requests', (event) => {
    if (event.type === 'request_ended') playground.setCost(event.data.id, event.data.costUsd);
  });
  const missing = conversation.turns.flatMap((turn) =>
    turn.role === 'assistant' &&
    turn.state !== 'streaming' &&
    turn.requestId !== null &&
    turn.costUsd === undefined
      ? [turn.requestId]
      : [],
  );
  const ask = useEffectEvent(() => {
    for (const id of missing) {
      call('getRecord', { params: { id } }).then(
        ({ costUsd }) => playground.setCost(id, costUsd),
        // It may not be kept.
        () => playground.setCost(id, null),
      );
    }
  });
  const ids = missing.join();
  useEffect(() => {
    if (ids === '') return undefined;
    const timer = setTimeout(ask, waitMs);
    return () => clearTimeout(timer);
  }, [ids]);
}

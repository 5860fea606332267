import { useEffect, useEffectEvent, useState } from 'react';
import { toast } from 'sonner';
import { call } from '../../../api/call.ts';
import type { Conversation, Settings } from './conversation.ts';
import { firstSettings } from './conversation.ts';
import { loadRequest, turnsOfLoadedItems } from './load-request.ts';
import { playground } from './playground.ts';

interface Wanted {
  readonly replay?: string;
  readonly conversation?: string;
  readonly model?: string;
}

interface Loaded {
  readonly conversation: Conversation;
  readonly settings: Partial<Settings>;
}

/** Loads what the address names, in the place of what is there; that can be had back from the toast. */
export function useLoading(
  wanted: Wanted,
  onLoaded: () => void,
): { readonly loading: boolean; readonly error: unknown; readonly retry: () => void } {
  const { replay, conversation, model } = wanted;
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const show = useEffectEvent(({ conversation: next, settings }: Loaded) => {
    const before = playground.get();
    playground.load(next, { ...settings, ...(model !== undefined && { model }) });
    if (before.conversation.turns.length > 0) {
      toast('Another conversation was loaded', {
        action: {
          label: 'Bring back the one before',
          onClick: () => playground.load(before.conversation, before.settings),
        },
      });
    }
    onLoaded();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again.
  useEffect(() => {
    if (replay === undefined && conversation === undefined) {
      setError(null);
      return undefined;
    }
    let wantedStill = true;
    const load = replay === undefined ? loadConversation(conversation ?? '') : loadReplay(replay);
    setError(null);
    load.then(
      (loaded) => wantedStill && show(loaded),
      (failure: unknown) => wantedStill && setError(failure),
    );
    return () => {
      wantedStill = false;
    };
  }, [replay, conversation, tries]);
  useEffect(() => {
    if (model !== undefined && model !== playground.get().settings.model) playground.change({ model });
  }, [model]);
  const asked = replay !== undefined || conversation !== undefined;
  return { loading: asked && error === null, error, retry: () => setTries(tries + 1) };
}

async function loadReplay(id: string): Promise<Loaded> {
  const [record, detail] = await Promise.all([
    call('getRecord', { params: { id } }),
    call('getRecordDetail', { params: { id } }),
  ]);
  const loaded = loadRequest(record.endpoint, detail.request);
  if (typeof loaded === 'string') throw new Error(loaded);
  const { turns, settings, stored } = loaded;
  const note = detail.truncated ? 'Parts of it were left out because it was too long to be kept whole.' : '';
  return { conversation: { turns, stored, origin: { kind: 'record', id, note } }, settings };
}

async function loadConversation(id: string): Promise<Loaded> {
  const { conversation, items, truncated } = await call('getConversation', { params: { id } });
  const chain = conversation.kind === 'responses';
  const notes = [
    conversation.keyId === null
      ? ''
      : `It belongs to the key “${conversation.keyName ?? conversation.keyId}”: only that key can go on with it.`,
    truncated ? 'Earlier items are not shown.' : '',
  ];
  return {
    conversation: {
      turns: turnsOfLoadedItems(items, chain ? conversation.id : undefined),
      stored: chain ? undefined : conversation.id,
      origin: { kind: 'conversation', id, note: notes.filter((note) => note !== '').join(' ') },
    },
    settings: {
      ...firstSettings,
      dialect: 'responses',
      ...(conversation.model !== null && { model: conversation.model }),
    },
  };
}

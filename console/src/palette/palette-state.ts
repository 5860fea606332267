import type { LucideIcon } from 'lucide-react';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

/** Something that can be done from where one is. */
export interface PaletteAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  /** One letter that does it at once. */
  readonly shortcut?: string;
  readonly run: () => void;
}

interface PaletteState {
  readonly shown: 'palette' | 'shortcuts' | undefined;
  readonly actions: readonly PaletteAction[];
}

let state: PaletteState = { shown: undefined, actions: [] };
const listeners = new Set<() => void>();

function set(next: PaletteState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function openPalette(what: 'palette' | 'shortcuts'): void {
  set({ ...state, shown: what });
}

export function closePalette(): void {
  set({ ...state, shown: undefined });
}

export function currentActions(): readonly PaletteAction[] {
  return state.actions;
}

export function usePalette(): PaletteState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Offers actions in the palette, and by their letter, while the component is shown. */
export function usePaletteActions(actions: readonly PaletteAction[]): void {
  const run = useEffectEvent((id: string) => actions.find((action) => action.id === id)?.run());
  const offered = useEffectEvent(() => actions.map((action) => ({ ...action, run: () => run(action.id) })));
  const shape = actions.map(({ id, label, shortcut }) => `${id}|${label}|${shortcut}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: offered anew when names change; what they do is looked up.
  useEffect(() => {
    const mine = offered();
    set({ ...state, actions: [...state.actions, ...mine] });
    return () => set({ ...state, actions: state.actions.filter((action) => !mine.includes(action)) });
  }, [shape]);
}

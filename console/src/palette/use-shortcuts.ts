import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';
import { navItemsFor } from '../layout/nav.ts';
import { useSession } from '../session/use-session.ts';
import { closePalette, currentActions, openPalette, usePalette } from './palette-state.ts';
import { singleKeysOn } from './single-keys.ts';

const sequenceMs = 1200;

/** Ctrl/Cmd-K, `?`, `/`, `g` with a letter for each page, and the letters of the actions that pages offer. */
export function useShortcuts(): void {
  const { isAdmin } = useSession();
  const { shown } = usePalette();
  const navigate = useNavigate();
  const goPressedAt = useRef(Number.NEGATIVE_INFINITY);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (shown === 'palette') closePalette();
      else openPalette('palette');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
    if (!singleKeysOn() || isTyping(event.target) || document.querySelector('[role=dialog],[role=menu]'))
      return;
    if (event.timeStamp - goPressedAt.current < sequenceMs) {
      goPressedAt.current = Number.NEGATIVE_INFINITY;
      const item = navItemsFor(isAdmin).find(({ key }) => key === event.key);
      if (item !== undefined) {
        event.preventDefault();
        void navigate({ to: item.to });
        return;
      }
    }
    switch (event.key) {
      case 'g':
        goPressedAt.current = event.timeStamp;
        return;
      case '?':
        event.preventDefault();
        openPalette('shortcuts');
        return;
      case '/': {
        const search = document.querySelector<HTMLInputElement>('[data-page-search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
        search.select();
        return;
      }
      default: {
        const action = currentActions().findLast(({ shortcut }) => shortcut === event.key);
        if (action === undefined) return;
        event.preventDefault();
        action.run();
      }
    }
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

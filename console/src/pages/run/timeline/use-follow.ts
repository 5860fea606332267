import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { scrollArea } from '../../../layout/scroll-area.ts';

const nearEnd = 48;
const leavesBy = 120;
const intentMs = 700;

/**
 * Keeps the end of the page in sight as long as it grows. Whoever scrolls up is left alone; whoever comes back to the end
 * is taken along again.
 */
export function useFollow(active: boolean, grown: unknown): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(active);
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);

  const onIntent = useEffectEvent((event: Event) => {
    touchedAt.current = event.timeStamp;
    if (event instanceof WheelEvent && event.deltaY < 0) setOn(false);
  });
  const onScroll = useEffectEvent((event: Event) => {
    const area = scrollArea();
    if (area === null || event.timeStamp - touchedAt.current > intentMs) return;
    const away = area.scrollHeight - area.scrollTop - area.clientHeight;
    if (away > leavesBy) setOn(false);
    else if (away < nearEnd) setOn(true);
  });

  useEffect(() => {
    const area = scrollArea();
    if (!active || area === null) return undefined;
    const intents = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    const intent = (event: Event): void => onIntent(event);
    const scroll = (event: Event): void => onScroll(event);
    for (const type of intents) area.addEventListener(type, intent, { passive: true });
    area.addEventListener('scroll', scroll, { passive: true });
    return () => {
      for (const type of intents) area.removeEventListener(type, intent);
      area.removeEventListener('scroll', scroll);
    };
  }, [active]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it has grown.
  useEffect(() => {
    if (!active || !on) return undefined;
    // After what is new has been measured.
    const frame = requestAnimationFrame(() => {
      const area = scrollArea();
      area?.scrollTo({ top: area.scrollHeight });
    });
    return () => cancelAnimationFrame(frame);
  }, [active, on, grown]);

  return [active && on, setOn];
}

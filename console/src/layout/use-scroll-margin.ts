import { type RefObject, useLayoutEffect, useState } from 'react';
import { scrollArea } from './scroll-area.ts';

/** How far below the beginning of what scrolls an element begins, in pixels. What is above it may change its height. */
export function useScrollMargin(element: RefObject<HTMLElement | null>): number {
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const area = scrollArea();
    if (element.current === null || area === null) return;
    const top =
      element.current.getBoundingClientRect().top - area.getBoundingClientRect().top + area.scrollTop;
    if (Math.abs(top - margin) > 1) setMargin(top);
  });
  return margin;
}

import { useRef } from 'react';

/**
 * For Radix's `Dialog.Content`, which gives the focus back to a trigger of its own only: what had it before gets it again,
 * unless something else has taken it meanwhile, such as another page.
 */
export function useFocusReturn(): {
  readonly onOpenAutoFocus: () => void;
  readonly onCloseAutoFocus: (event: Event) => void;
} {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      const free = document.activeElement === null || document.activeElement === document.body;
      if (free && before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    },
  };
}

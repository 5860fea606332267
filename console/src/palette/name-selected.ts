/**
 * Keeps `aria-activedescendant` at the option that is selected. cmdk looks for it before the list is drawn anew, and so
 * goes on naming one that a search has taken away. For use as a ref; returns what ends it.
 */
export function nameSelected(root: HTMLElement | null): (() => void) | undefined {
  if (root === null) return undefined;
  const update = (): void => {
    const id = root.querySelector('[role="option"][aria-selected="true"]')?.id;
    for (const element of root.querySelectorAll('[aria-activedescendant]'))
      if (id === undefined) element.removeAttribute('aria-activedescendant');
      else if (element.getAttribute('aria-activedescendant') !== id)
        element.setAttribute('aria-activedescendant', id);
  };
  const observer = new MutationObserver(update);
  const attributeFilter = ['aria-selected', 'aria-activedescendant'];
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter });
  return () => observer.disconnect();
}

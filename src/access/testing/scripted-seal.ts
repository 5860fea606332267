import type { Seal } from '../ports.ts';

/** Seals so that a test can see it, such as `sealed by a: text`; another name cannot open it. */
export function scriptedSeal(name = 'a'): Seal {
  const mark = `sealed by ${name}: `;
  return {
    seal: (text) => mark + text,
    open: (sealed) => (sealed.startsWith(mark) ? sealed.slice(mark.length) : undefined),
  };
}

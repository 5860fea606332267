import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({ extend: { theme: { text: ['2xs'] } } });

/** Joins class names; of two that say different things of the same property the last one holds. */
export function cx(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}

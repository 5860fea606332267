/** The cap at which all wishes, each cut to it, fit in what there is: those who want most give way first. */
export function shareOut(wishes: readonly number[], available: number): number {
  let left = Math.max(0, available);
  let others = wishes.length;
  for (const wish of wishes.toSorted((a, b) => a - b)) {
    if (wish * others > left) return Math.floor(left / others);
    left -= wish;
    others -= 1;
  }
  return Number.POSITIVE_INFINITY;
}

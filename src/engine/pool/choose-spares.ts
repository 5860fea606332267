/** How often a launch was used lately. */
export interface Demand<T> {
  readonly launch: T;
  readonly uses: number;
}

/**
 * Shares out the places for spares in proportion to demand (D'Hondt's method): each place goes to the launch
 * with the most uses per spare. Earlier entries win ties.
 */
export function chooseSpares<T>(demand: readonly Demand<T>[], places: number): T[] {
  const given = demand.map(() => 0);
  const chosen: T[] = [];
  while (chosen.length < places) {
    let best = -1;
    let bestScore = 0;
    demand.forEach(({ uses }, index) => {
      const score = uses / ((given[index] ?? 0) + 1);
      if (score > bestScore) {
        best = index;
        bestScore = score;
      }
    });
    const winner = demand[best];
    if (winner === undefined) break;
    given[best] = (given[best] ?? 0) + 1;
    chosen.push(winner.launch);
  }
  return chosen;
}

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that can be put down wherever it yields. */
export type Work<Result> = Generator<undefined, Result>;

const longestPieceMs = 4;

/** Does the work in pieces of a few milliseconds, between which others have their turn. */
export async function doInPieces<Result>(work: Work<Result>): Promise<Result> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < longestPieceMs) continue;
    await nextTurn();
    began = performance.now();
  }
}

/** Does the work now; for what is known to be small. */
export function doAtOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

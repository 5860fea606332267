import type { ActiveRun, Publication, RequestRecord } from '../../../../src/contract/index.ts';

/** What was told since the server was asked. */
export interface Activity {
  readonly active: ReadonlyMap<string, ActiveRun>;
  /** Newest first. */
  readonly ended: readonly RequestRecord[];
}

export function foldEvent(before: Activity, event: Publication, most: number): Activity {
  switch (event.type) {
    case 'new_request':
    case 'request_progress':
      return { ...before, active: new Map(before.active).set(event.data.id, event.data) };
    case 'request_ended': {
      const active = new Map(before.active);
      active.delete(event.data.id);
      return { active, ended: [event.data, ...before.ended].slice(0, most) };
    }
    default:
      return before;
  }
}

/**
 * The runs that the server was asked for, without those that are known to have ended. `told` forgets what ended long ago:
 * with each end they have to be taken out, or they would come back. The same list where there are none.
 */
export function withoutEnded(
  runs: readonly ActiveRun[],
  told: Activity,
  justEnded: string,
): readonly ActiveRun[] {
  const ended = new Set([justEnded, ...told.ended.map(({ id }) => id)]);
  return runs.some(({ id }) => ended.has(id)) ? runs.filter(({ id }) => !ended.has(id)) : runs;
}

/** Both together: what was told last counts, what ended runs no more. */
export function mergeActivity(
  asked: { readonly runs: readonly ActiveRun[]; readonly records: readonly RequestRecord[] },
  told: Activity,
  most: number,
): { readonly active: readonly ActiveRun[]; readonly ended: readonly RequestRecord[] } {
  const ended = new Map([...asked.records, ...told.ended].map((record) => [record.id, record]));
  const active = new Map(asked.runs.map((run) => [run.id, run]));
  for (const [id, run] of told.active) {
    // Somebody has stopped it here, and the server has not told so yet.
    const stopping = active.get(id)?.state === 'stopping';
    active.set(id, stopping ? { ...run, state: 'stopping' } : run);
  }
  const endOf = (record: RequestRecord): number => record.startedAt + record.durationMs;
  return {
    active: [...active.values()].filter(({ id }) => !ended.has(id)).sort((a, b) => a.startedAt - b.startedAt),
    ended: [...ended.values()].sort((a, b) => endOf(b) - endOf(a)).slice(0, most),
  };
}

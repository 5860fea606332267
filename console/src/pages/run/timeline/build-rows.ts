import type { TimelineEntry } from '../../../../../src/contract/index.ts';

type Entry<Type extends TimelineEntry['type']> = Extract<TimelineEntry, { readonly type: Type }>;

/** A call of a tool from its beginning to its end, with the word that it waited for. */
export interface ToolRow {
  readonly kind: 'tool';
  readonly key: string;
  readonly depth: number;
  readonly atMs: number;
  readonly choice: number;
  readonly callId: string;
  readonly name: string;
  readonly server: string | undefined;
  readonly input: unknown;
  readonly done: Entry<'tool_done'> | undefined;
  readonly asked: Entry<'approval_requested'> | undefined;
  readonly answered: Entry<'approval_ended'> | undefined;
  /** How many calls of a subagent are below it. */
  readonly below: number;
}

/** All else. */
export interface EntryRow {
  readonly kind: 'entry';
  readonly key: string;
  readonly depth: number;
  readonly entry: Exclude<TimelineEntry, Entry<'tool_started' | 'tool_done' | 'approval_ended' | 'usage'>>;
  readonly answered: Entry<'approval_ended'> | undefined;
  /** A text that was taken back, because the model was asked anew. */
  readonly discarded: boolean;
}

export type TimelineRow = ToolRow | EntryRow;

/**
 * One row for each thing that happened: the end of a call and the answer to an approval belong to its beginning, the calls
 * of a subagent come below the call that started it. Those below a call in `folded` are left out.
 */
export function buildRows(
  entries: readonly TimelineEntry[],
  folded: ReadonlySet<string> = new Set(),
): readonly TimelineRow[] {
  const index = indexCalls(entries);
  const discarded = discardedTexts(entries);
  const top: TimelineRow[] = [];
  const children = new Map<string, TimelineRow[]>();
  const seen = new Set<string>();
  for (const [place, entry] of entries.entries()) {
    const row = rowOf(entry, place, index, discarded, seen);
    if (row === undefined) continue;
    const parent = parentOf(entry);
    // One whose parent was left out for its size stands for itself.
    if (parent === undefined || !index.known.has(parent)) top.push(row);
    else pushTo(children, parent, row);
  }
  const rows: TimelineRow[] = [];
  const add = (row: TimelineRow, depth: number): void => {
    const below = row.kind === 'tool' ? (children.get(row.callId) ?? []) : [];
    if (row.kind === 'tool') children.delete(row.callId);
    rows.push(row.kind === 'tool' ? { ...row, depth, below: below.length } : { ...row, depth });
    if (row.kind === 'tool' && folded.has(row.callId)) return;
    for (const child of below) add(child, depth + 1);
  };
  for (const row of top) add(row, 0);
  return rows;
}

/** Where the first thing went wrong: a call that failed, an error; undefined: nothing did. */
export function firstError(rows: readonly TimelineRow[]): number | undefined {
  const place = rows.findIndex((row) =>
    row.kind === 'tool' ? row.done?.isError === true : row.entry.type === 'error',
  );
  return place < 0 ? undefined : place;
}

interface CallIndex {
  readonly known: ReadonlySet<string>;
  readonly done: ReadonlyMap<string, Entry<'tool_done'>>;
  readonly asked: ReadonlyMap<string, Entry<'approval_requested'>>;
  readonly answered: ReadonlyMap<string, Entry<'approval_ended'>>;
}

function indexCalls(entries: readonly TimelineEntry[]): CallIndex {
  const known = new Set<string>();
  const done = new Map<string, Entry<'tool_done'>>();
  const asked = new Map<string, Entry<'approval_requested'>>();
  const answered = new Map<string, Entry<'approval_ended'>>();
  for (const entry of entries) {
    if (entry.type === 'tool_started') known.add(entry.callId);
    else if (entry.type === 'tool_done') done.set(entry.callId, entry);
    else if (entry.type === 'approval_requested') asked.set(entry.callId, entry);
    else if (entry.type === 'approval_ended') answered.set(entry.callId, entry);
  }
  return { known, done, asked, answered };
}

function rowOf(
  entry: TimelineEntry,
  place: number,
  { known, done, asked, answered }: CallIndex,
  discarded: ReadonlySet<number>,
  seen: Set<string>,
): TimelineRow | undefined {
  switch (entry.type) {
    case 'usage':
    case 'approval_ended':
      return undefined;
    case 'tool_done':
      if (known.has(entry.callId)) return undefined;
      return { ...toolRow({ ...entry, input: null }), key: `call-${entry.callId}`, done: entry };
    case 'tool_started': {
      // A client may use an id twice.
      const key = seen.has(entry.callId) ? `call-${entry.callId}-${place}` : `call-${entry.callId}`;
      seen.add(entry.callId);
      return {
        ...toolRow(entry),
        key,
        done: done.get(entry.callId),
        asked: asked.get(entry.callId),
        answered: answered.get(entry.callId),
      };
    }
    case 'approval_requested':
      if (known.has(entry.callId)) return undefined;
      break;
    default:
  }
  return {
    kind: 'entry',
    key: `${entry.type}-${place}`,
    depth: 0,
    entry,
    answered: entry.type === 'approval_requested' ? answered.get(entry.callId) : undefined,
    discarded: discarded.has(place),
  };
}

function toolRow(entry: {
  readonly atMs: number;
  readonly choice: number;
  readonly callId: string;
  readonly name: string;
  readonly server?: string | undefined;
  readonly input: unknown;
}): Omit<ToolRow, 'key'> {
  const { atMs, choice, callId, name, server, input } = entry;
  const open = { done: undefined, asked: undefined, answered: undefined, below: 0 };
  return { kind: 'tool', depth: 0, atMs, choice, callId, name, server, input, ...open };
}

function parentOf(entry: TimelineEntry): string | undefined {
  return 'parentCallId' in entry ? entry.parentCallId : undefined;
}

/** The places of texts before a `text_reset` of the same answer, back to the one before. */
function discardedTexts(entries: readonly TimelineEntry[]): ReadonlySet<number> {
  const places = new Set<number>();
  const sinceReset = new Map<number, number[]>();
  for (const [place, entry] of entries.entries()) {
    if (entry.type === 'text') pushTo(sinceReset, entry.choice, place);
    if (entry.type !== 'text_reset') continue;
    for (const text of sinceReset.get(entry.choice) ?? []) places.add(text);
    sinceReset.delete(entry.choice);
  }
  return places;
}

function pushTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

import type { TimelineEntry } from '../../../../../src/contract/index.ts';

/** What is known of a run that is watched. */
export interface LiveTimeline {
  /** The last event of its channel that is in it. */
  readonly seq: number;
  readonly entries: readonly TimelineEntry[];
}

export interface RunEvent {
  readonly seq: number;
  readonly data: TimelineEntry;
}

/** With what has come since. `missed`: some of it is not there, and the whole has to be asked for again. */
export function takeEvents(
  timeline: LiveTimeline,
  events: readonly RunEvent[],
): { readonly timeline: LiveTimeline; readonly missed: boolean } {
  const fresh = events.filter(({ seq }) => seq > timeline.seq);
  if (fresh.length === 0) return { timeline, missed: false };
  const entries = [...timeline.entries];
  let { seq } = timeline;
  for (const event of fresh) {
    if (event.seq > seq + 1) return { timeline: { seq, entries }, missed: true };
    seq = event.seq;
    addEntry(entries, event.data);
  }
  return { timeline: { seq, entries }, missed: false };
}

/** Texts come in pieces: one goes on where nothing but a subagent's work came between. */
function addEntry(entries: TimelineEntry[], entry: TimelineEntry): void {
  if (entry.type === 'text' || entry.type === 'thinking') {
    const place = entries.findLastIndex((one) => one.choice === entry.choice && !isBeside(one));
    const open = entries[place];
    if (open?.type === entry.type) {
      entries[place] = { ...open, text: open.text + entry.text };
      return;
    }
  }
  entries.push(entry);
}

function isBeside(entry: TimelineEntry): boolean {
  return 'parentCallId' in entry && entry.parentCallId !== undefined;
}

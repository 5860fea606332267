import type { RecordDetail, TimelineEntry } from '../../contract/index.ts';
import { type CopyOptions, copyJson, type JsonCopy } from './copy-json.ts';
import { withoutDiffs } from './files-entry.ts';
import type { Work } from './in-pieces.ts';
import { keepHeaders, mostHeaderBytes } from './keep-headers.ts';
import { type Measure, measureJson } from './measure-json.ts';
import type { PlainJson } from './plain-json.ts';
import { shareOut } from './share-out.ts';
import { skeleton } from './timeline-entry.ts';

export interface DetailSources {
  readonly level: 'redacted' | 'full';
  /** Of the whole as JSON. */
  readonly maxBytes: number;
  /** Names and values in turn; undefined: none are known. */
  readonly requestHeaders?: readonly string[] | undefined;
  readonly responseHeaders?: readonly string[] | undefined;
  readonly request: unknown;
  /** Undefined: it was streamed, and the timeline has it. */
  readonly response: unknown;
  /** As RunTimeline keeps it, without secrets. */
  readonly timeline: readonly TimelineEntry[];
  readonly timelineTruncated: boolean;
}

export interface SizedDetail {
  readonly detail: RecordDetail;
  readonly bytes: number;
}

/** The braces and names around the parts. */
const envelopeBytes = 130;
const leastBytes = 16;
/** What is searched for secrets in one go. */
const mostTextBytes = 256 * 1024;
/** Escapes are not measured. */
const measured = 0.9;

/**
 * Headers, bodies and timeline as they are kept. What is too large gives way: of the parts the largest, of a part the
 * longest texts.
 */
export function* makeDetail(sources: DetailSources): Work<SizedDetail> {
  const { level, timeline } = sources;
  const headerOptions = { level, maxBytes: Math.min(mostHeaderBytes, sources.maxBytes / 4) };
  const requestHeaders = keepHeaders(sources.requestHeaders, headerOptions);
  const responseHeaders = keepHeaders(sources.responseHeaders, headerOptions);
  const headerBytes = requestHeaders.bytes + responseHeaders.bytes;
  const maxBytes = Math.max(3 * leastBytes, sources.maxBytes - envelopeBytes - headerBytes);
  const answer = sources.response ?? joinAnswers(timeline);
  // What was joined from the timeline is clean already.
  const answerLevel = sources.response === undefined ? 'full' : level;

  const request = yield* measureJson(sources.request, maxBytes);
  const response = yield* measureJson(answer, maxBytes);
  const events = yield* measureJson(timeline, maxBytes);
  const cap = shareOut([request, response, events].map(wishOf), maxBytes);
  const bytesFor = (measure: Measure): number => Math.max(leastBytes, Math.min(cap, wishOf(measure)));

  const options = { level, ...limitsOf(request, bytesFor(request)) };
  const requestCopy = yield* copyJson(sources.request, options);
  const answerOptions: CopyOptions = { level: answerLevel, ...limitsOf(response, bytesFor(response)) };
  const responseCopy: JsonCopy = yield* copyJson(answer, answerOptions);
  const timelineCopy = yield* fitTimeline(timeline, events, bytesFor(events));

  return {
    detail: {
      level,
      requestHeaders: requestHeaders.headers,
      responseHeaders: responseHeaders.headers,
      request: requestCopy.value,
      response: responseCopy.value,
      timeline: timelineCopy.entries,
      truncated:
        sources.timelineTruncated ||
        [requestCopy, responseCopy, timelineCopy].some(({ truncated }) => truncated),
    },
    bytes: envelopeBytes + headerBytes + requestCopy.bytes + responseCopy.bytes + timelineCopy.bytes,
  };
}

function wishOf({ textBytes, otherBytes }: Measure): number {
  const texts = textBytes.reduce((sum, bytes) => sum + bytes, 0);
  // Room for what stands in place of short texts, and for escapes.
  return Math.ceil((otherBytes + texts + textBytes.length * 24) / measured) + leastBytes;
}

function limitsOf(
  { textBytes, otherBytes }: Measure,
  maxBytes: number,
): Pick<CopyOptions, 'maxBytes' | 'maxTextBytes'> {
  const cap = shareOut(textBytes, (maxBytes - otherBytes - textBytes.length * 24) * measured);
  return { maxBytes, maxTextBytes: Math.min(Math.max(cap, leastBytes), mostTextBytes) };
}

function* fitTimeline(
  timeline: readonly TimelineEntry[],
  measure: Measure,
  maxBytes: number,
): Work<{ entries: TimelineEntry[]; bytes: number; truncated: boolean }> {
  const { maxTextBytes } = limitsOf(measure, maxBytes);
  const entries: TimelineEntry[] = [];
  let bytes = 2;
  let truncated = false;
  for (const [index, entry] of timeline.entries()) {
    if (index % 50 === 49) yield;
    const fitted = fitEntry(entry, maxTextBytes);
    const size = Buffer.byteLength(JSON.stringify(fitted)) + 1;
    truncated ||= fitted !== entry;
    if (bytes + size <= maxBytes) {
      entries.push(fitted);
      bytes += size;
    } else truncated = true;
  }
  return { entries, bytes, truncated };
}

function fitEntry(entry: TimelineEntry, maxTextBytes: number): TimelineEntry {
  switch (entry.type) {
    case 'text':
    case 'thinking': {
      if (entry.text.length <= maxTextBytes) return entry;
      return {
        ...entry,
        text: entry.text.slice(0, maxTextBytes).toWellFormed(),
        fullLength: entry.fullLength ?? entry.text.length,
      };
    }
    case 'tool_done': {
      const { output } = entry;
      const isLarge = (output?.length ?? 0) > maxTextBytes || isLarger(entry.detail, maxTextBytes);
      if (!isLarge) return entry;
      const small = skeleton(entry);
      return { ...small, ...(output !== null && { output: output.slice(0, maxTextBytes).toWellFormed() }) };
    }
    case 'tool_started':
      return isLarger(entry.input, maxTextBytes) ? skeleton(entry) : entry;
    case 'client_call':
    case 'approval_requested':
      return isLarger(entry.arguments, maxTextBytes) ? skeleton(entry) : entry;
    case 'files':
      return withoutDiffs(entry, maxTextBytes);
    default:
      return entry;
  }
}

function isLarger(value: PlainJson | undefined, bytes: number): boolean {
  return value !== undefined && JSON.stringify(value).length > Math.max(bytes, 200);
}

/** What a client that was streamed to had in the end; null where no answer came. */
function joinAnswers(timeline: readonly TimelineEntry[]): PlainJson {
  const answers = new Map<number, { text: string; calls: PlainJson[]; stopReason: string | null }>();
  for (const entry of timeline) {
    const answer = answers.get(entry.choice) ?? { text: '', calls: [], stopReason: null };
    answers.set(entry.choice, answer);
    if (entry.type === 'text') answer.text += entry.text;
    else if (entry.type === 'text_reset') answer.text = '';
    else if (entry.type === 'client_call') {
      const { callId, name, arguments: input } = entry;
      answer.calls.push({ callId, name, arguments: input });
    } else if (entry.type === 'done') answer.stopReason = entry.stopReason;
    else if (entry.type === 'error') answer.stopReason = entry.code;
  }
  if (answers.size === 0) return null;
  const all = [...answers].sort(([a], [b]) => a - b).map(([, answer]) => answer);
  return { streamed: true, answers: all };
}

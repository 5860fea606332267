import type { RecordDetail, RequestRecord, SharedRun } from '../../contract/index.ts';
import { createCleaner } from './clean-shared.ts';
import type { HidePlaces } from './hide-places.ts';
import { sharedMessages } from './shared-messages.ts';
import { sharedTimeline } from './shared-timeline.ts';

/**
 * One request for whoever has a public link: made field by field of what may be told, never the record with things
 * taken away. Secrets are looked for in every text, however much is kept of bodies.
 */
export function showSharedRun(
  record: RequestRecord,
  { request, response, timeline, truncated }: RecordDetail,
  hidePlaces: HidePlaces,
): Omit<SharedRun, 'expiresAt'> {
  const clean = createCleaner(hidePlaces);
  const { startedAt, durationMs, modelUsed, modelAsked, status, errorCode, inputTokens, outputTokens } =
    record;
  const model = modelUsed ?? modelAsked;
  return {
    startedAt,
    durationMs,
    model: model === null ? null : clean.text(model),
    succeeded: status < 400 && errorCode === null,
    inputTokens,
    outputTokens,
    messages: sharedMessages(request, response, timeline, clean),
    timeline: sharedTimeline(timeline, clean),
    truncated,
  };
}

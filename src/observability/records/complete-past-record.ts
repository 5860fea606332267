import type { RequestRecord } from '../../contract/index.ts';
import { cleanOptional } from './clean-field.ts';
import { doAtOnce } from './in-pieces.ts';
import { makeDetail } from './make-detail.ts';
import type { KeptRecord } from './ports.ts';
import { readAnswerId, readRequestBody } from './request-body.ts';
import type { DetailLevel } from './run-event.ts';

/** The bodies of a request that another program kept; undefined where there is none. */
export interface PastBodies {
  readonly request: unknown;
  readonly response: unknown;
}

/**
 * A record that another program kept, as one of ours: with what the bodies tell, without secrets, and with as much of
 * the bodies as is kept of a request today.
 */
export function completePastRecord(
  record: RequestRecord,
  { request, response }: PastBodies,
  { level, maxBytes }: { readonly level: DetailLevel; readonly maxBytes: number },
): KeptRecord {
  const { stream, conversation, modelAsked } = readRequestBody(request);
  const complete: RequestRecord = {
    ...record,
    stream,
    conversation: cleanOptional(conversation, 200),
    responseId: cleanOptional(readAnswerId(response), 200),
    modelAsked: cleanOptional(record.modelAsked ?? modelAsked, 200),
    errorCode: cleanOptional(record.errorCode, 100),
    errorMessage: cleanOptional(record.errorMessage, 500),
    client: cleanOptional(record.client, 200),
    address: cleanOptional(record.address, 100),
  };
  if (level === 'off' || (request === undefined && response === undefined)) return { record: complete };
  const sources = { level, maxBytes, request, response, timeline: [], timelineTruncated: false };
  return { record: complete, detail: doAtOnce(makeDetail(sources)).detail };
}

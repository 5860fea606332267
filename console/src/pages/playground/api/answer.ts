import { isObject, type JsonObject, textField } from '../../../agent/json-object.ts';
import type { Part } from '../../../chat/parts.ts';
import type { Failure } from './failure.ts';

export type Dialect = 'chat' | 'responses';

/** What an answer used, by the count of either dialect. */
export interface TokenCount {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** A file that the agent made or changed. */
export interface Artifact {
  readonly path: string;
  readonly operation: string;
  readonly size: number | null;
  readonly mediaType: string | null;
  readonly diff: string | null;
  /** Null where the content was not kept. */
  readonly fileId: string | null;
  readonly containerId: string | null;
}

/** An answer as far as it is known. */
export interface Answer {
  readonly parts: readonly Part[];
  /** Messages or items, as they are sent back with the next request. */
  readonly raw: readonly JsonObject[];
  readonly artifacts: readonly Artifact[];
  /** Beyond those that were told. */
  readonly artifactsOmitted: number;
  readonly tokens: TokenCount | undefined;
  /** Of Responses, to go on from. */
  readonly responseId: string | undefined;
  /** `stop`, `length`, `max_output_tokens`, … */
  readonly finish: string | undefined;
  readonly failure: Failure | undefined;
}

/** Puts an answer together from the frames of its stream. */
export interface AnswerReader {
  /** Whether there was something to see in it. */
  take(data: unknown): boolean;
  read(): Answer;
}

export function readArtifacts(list: unknown): readonly Artifact[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).map((one) => ({
    path: textField(one, 'path') ?? '',
    operation: textField(one, 'operation') ?? 'modified',
    size: typeof one['size'] === 'number' ? one['size'] : null,
    mediaType: textField(one, 'media_type') ?? null,
    diff: textField(one, 'diff') ?? null,
    fileId: textField(one, 'file_id') ?? null,
    containerId: textField(one, 'container_id') ?? null,
  }));
}

export function numberField(value: unknown, name: string): number {
  const field = isObject(value) ? value[name] : undefined;
  return typeof field === 'number' ? field : 0;
}

import { z } from 'zod';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { listQuery, optionalText } from '../list-query.ts';
import { parseBody } from '../parse-body.ts';

const mostMinutes = 60 * 24 * 30;

/** `POST /v1/containers`. */
export const containerCreateSchema = z.looseObject({
  name: z.string().min(1).max(256),
  expires_after: z
    .looseObject({ anchor: z.literal('last_active_at'), minutes: z.int().min(1).max(mostMinutes) })
    .nullish(),
  file_ids: z.array(z.string().min(1)).max(100).nullish(),
});

/** `POST /v1/containers/{id}/files` with a JSON body: copies an uploaded file. */
export const containerFileCreateSchema = z.looseObject({ file_id: z.string().min(1) });

export interface ContainerCreate {
  readonly name: string;
  /** After the last activity; absent: the server's own rule. */
  readonly expiresAfterMinutes?: number;
  /** Uploaded files to be copied into it. */
  readonly fileIds: readonly string[];
  readonly ignored: readonly IgnoredParameter[];
}

/** Throws a 400 WireError. */
export function decodeContainerCreate(body: unknown): ContainerCreate {
  const request = parseBody(containerCreateSchema, body);
  const ignored = ['memory_limit', 'network_policy', 'skills'].flatMap((param) => {
    const value = request[param];
    if (value === undefined || value === null) return [];
    return [{ param, reason: "A container is a workspace; the agent's profile says what it may use." }];
  });
  const minutes = request.expires_after?.minutes;
  return {
    name: request.name,
    ...(minutes === undefined ? {} : { expiresAfterMinutes: minutes }),
    fileIds: [...new Set(request.file_ids ?? [])],
    ignored,
  };
}

/** `GET /v1/containers`. */
export const containerListQuery = listQuery({ most: 100, usual: 20 }).extend({ name: optionalText });

/** `GET /v1/containers/{id}/files`. */
export const containerFileListQuery = listQuery({ most: 100, usual: 20 });

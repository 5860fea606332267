import { z } from 'zod';
import type { Json } from '../turn/index.ts';

/** Anything that JSON can say. */
export const json: z.ZodType<Json> = z.json();

/** Milliseconds since 1970. */
export const time = z.int().nonnegative();

export const permissionMode = z.enum(['bypassPermissions', 'acceptEdits', 'plan', 'dontAsk', 'default']);

/** A name that may stand in a model id and in a URL. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'use a-z, 0-9, dot, dash and underscore, at most 63 characters');

/** Opaque; where to go on. */
export const cursor = z.string().max(500);

export const idParams = z.object({ id: z.string().min(1).max(200) });

/** A page that was cut off says where to go on; null: that was all. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: cursor.nullable() });
}

/** A number in a query. */
export function numeric(min: number, max: number) {
  return z.coerce.number().int().min(min).max(max);
}

/** The body of every refusal under /api/webui, in the same form as on /v1. */
export const errorBody = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    /** The field at fault. */
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

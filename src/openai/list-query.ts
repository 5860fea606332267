import { z } from 'zod';

/** The query string of a list, whose values are texts. An empty one is none, as some clients send them. */
export function listQuery(limit: { readonly most: number; readonly usual: number }) {
  return z.looseObject({
    after: optionalText,
    limit: z
      .preprocess(noneIfEmpty, z.coerce.number().int().min(1).max(limit.most).default(limit.usual))
      .describe(`From 1 to ${limit.most}; ${limit.usual} if it is not given.`),
    order: z.preprocess(noneIfEmpty, z.enum(['asc', 'desc']).default('desc')),
  });
}

const noneIfEmpty = (value: unknown): unknown => (value === '' ? undefined : value);

export const optionalText = z.preprocess(noneIfEmpty, z.string().optional());

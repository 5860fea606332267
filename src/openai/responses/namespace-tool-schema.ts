import { z } from 'zod';

/** A group of the client's tools; a call of one of them is answered with `namespace` beside its plain name. */
export const namespaceTool = z.looseObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  tools: z.array(z.looseObject({ type: z.enum(['function', 'custom']) })).nullish(),
});

import { z } from 'zod';
import { cursor, json, numeric, page, time } from './common.ts';

/** One administrative action. */
export const auditEntry = z.object({
  id: z.int(),
  at: time,
  /** The console user, or `command line`. */
  actor: z.string(),
  address: z.string().nullable(),
  /** Such as `key.created`, `user.signed_in`, `settings.changed`. */
  action: z.string(),
  /** What it was done to: a key's id, a user's name, a setting. */
  target: z.string().nullable(),
  /** What changed; nothing secret. */
  details: z.record(z.string(), json),
});
export type AuditEntry = z.output<typeof auditEntry>;

export const auditEndpoints = {
  listAudit: {
    method: 'GET',
    path: '/api/webui/audit',
    access: 'admin',
    tag: 'Audit',
    summary: 'What was done to the server, newest first.',
    query: z.object({
      action: z.string().max(100).optional(),
      actor: z.string().max(200).optional(),
      from: numeric(0, 1e15).optional(),
      to: numeric(0, 1e15).optional(),
      cursor: cursor.optional(),
      limit: numeric(1, 200).default(50),
    }),
    response: page(auditEntry),
  },
} as const;

import { z } from 'zod';
import { idParams, permissionMode, slug, time } from './common.ts';

const count = z.int().positive().max(1e12).nullable();
const dollars = z.number().positive().max(1e9).nullable();

/** Null: no limit. Days and months are those of UTC. */
export const keyLimits = z.object({
  requestsPerMinute: count,
  concurrentRuns: count,
  tokensPerDay: count,
  tokensPerMonth: count,
  budgetUsdPerDay: dollars,
  budgetUsdPerMonth: dollars,
  /** Nothing is refused at these: whoever administers the key is told. */
  softBudgetUsdPerDay: dollars,
  softBudgetUsdPerMonth: dollars,
});
export type KeyLimits = z.output<typeof keyLimits>;

/** Null: everything that the server allows. */
export const keyPermissions = z.object({
  /** Names as clients send them or as Claude Code knows them; a trailing `*` stands for any ending. */
  models: z.array(z.string().min(1).max(200)).max(200).nullable(),
  profiles: z.array(slug).max(200).nullable(),
  /** Names of built-in tools; of those that a profile has, the others are taken out. */
  builtInTools: z.array(z.string().min(1).max(100)).max(200).nullable(),
  /** Instead of the profile's. */
  permissionMode: permissionMode.nullable(),
  /**
   * `own`: a directory of the key's. `shared`: the root, as without a key. `conversation`: one for each conversation.
   * `none`: an empty one. `directory:<name>`: the one of that name, together with all other keys that have it.
   */
  workspace: z.union([
    z.enum(['own', 'shared', 'conversation', 'none']),
    z.templateLiteral(['directory:', slug]),
  ]),
  /** Where a request names no profile; null: by whether it brings tools of its own. */
  defaultProfile: slug.nullable(),
});
export type KeyPermissions = z.output<typeof keyPermissions>;

export const noKeyLimits: KeyLimits = {
  requestsPerMinute: null,
  concurrentRuns: null,
  tokensPerDay: null,
  tokensPerMonth: null,
  budgetUsdPerDay: null,
  budgetUsdPerMonth: null,
  softBudgetUsdPerDay: null,
  softBudgetUsdPerMonth: null,
};

export const allKeyPermissions: KeyPermissions = {
  models: null,
  profiles: null,
  builtInTools: null,
  permissionMode: null,
  workspace: 'own',
  defaultProfile: null,
};

export const keyUsage = z.object({
  tokensToday: z.int(),
  tokensThisMonth: z.int(),
  costUsdToday: z.number(),
  costUsdThisMonth: z.number(),
  requestsToday: z.int(),
  requestsThisMonth: z.int(),
});
export type KeyUsage = z.output<typeof keyUsage>;

export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** A person or a project, for reports; free text. */
  owner: z.string(),
  /** For reports and for finding keys again; free text. */
  tags: z.array(z.string()),
  /** The beginning of the secret, to tell keys apart by. */
  prefix: z.string(),
  active: z.boolean(),
  /** What a request with it would be told at this moment. */
  state: z.enum(['active', 'inactive', 'expired']),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
  rotatedAt: time.nullable(),
  /** The secret before the last rotation works until then. */
  previousValidUntil: time.nullable(),
  /** When what it had spent in the day and month of that time was last taken off its limits. */
  spendingResetAt: time.nullable(),
  limits: keyLimits,
  permissions: keyPermissions,
});
export type ApiKey = z.output<typeof apiKey>;

export const apiKeyWithUsage = apiKey.extend({ usage: keyUsage });
export type ApiKeyWithUsage = z.output<typeof apiKeyWithUsage>;

const description = z.string().max(2000);
const line = z
  .string()
  .trim()
  .regex(/^\P{Cc}*$/u, 'use one line, without control characters');
const ownerName = line.max(200);
const keyName = line.min(1).max(200);
/** What stands there twice counts once. */
const keyTags = z
  .array(line.min(1).max(50))
  .overwrite((tags) => [...new Set(tags)])
  .max(20);

export const newKey = z.object({
  name: keyName,
  description: description.default(''),
  owner: ownerName.default(''),
  tags: keyTags.default([]),
  expiresAt: time.nullable().default(null),
  limits: keyLimits.partial().default({}),
  permissions: keyPermissions.partial().default({}),
});
export type NewKey = z.output<typeof newKey>;

export const keyChange = z.object({
  name: keyName.optional(),
  description: description.optional(),
  owner: ownerName.optional(),
  tags: keyTags.optional(),
  active: z.boolean().optional(),
  expiresAt: time.nullable().optional(),
  limits: keyLimits.partial().optional(),
  permissions: keyPermissions.partial().optional(),
});
export type KeyChange = z.output<typeof keyChange>;

const issuedKey = z.object({
  key: apiKeyWithUsage,
  /** Shown this once. */
  secret: z.string(),
});

export const keyEndpoints = {
  listKeys: {
    method: 'GET',
    path: '/api/webui/keys',
    access: 'viewer',
    tag: 'Keys',
    summary: 'All API keys with what they have used; never their secrets.',
    response: z.object({ items: z.array(apiKeyWithUsage) }),
  },
  getKey: {
    method: 'GET',
    path: '/api/webui/keys/{id}',
    access: 'viewer',
    tag: 'Keys',
    summary: 'One API key.',
    params: idParams,
    response: apiKeyWithUsage,
  },
  createKey: {
    method: 'POST',
    path: '/api/webui/keys',
    access: 'admin',
    tag: 'Keys',
    summary: 'Makes an API key. Its secret is in this answer and nowhere else.',
    body: newKey,
    response: issuedKey,
  },
  updateKey: {
    method: 'PATCH',
    path: '/api/webui/keys/{id}',
    access: 'admin',
    tag: 'Keys',
    summary: 'Changes a key; it holds from the next request on.',
    params: idParams,
    body: keyChange,
    response: apiKeyWithUsage,
  },
  rotateKey: {
    method: 'POST',
    path: '/api/webui/keys/{id}/rotate',
    access: 'admin',
    tag: 'Keys',
    summary: 'Gives a key a new secret; the old one works for as long as is asked for.',
    params: idParams,
    body: z.object({
      graceSeconds: z
        .int()
        .min(0)
        .max(30 * 86_400)
        .default(0),
    }),
    response: issuedKey,
  },
  resetKeySpending: {
    method: 'POST',
    path: '/api/webui/keys/{id}/reset-spending',
    access: 'admin',
    tag: 'Keys',
    summary:
      'Begins the budgets of the current day and month anew: what the key has spent in them no longer counts. Records and statistics stay.',
    params: idParams,
    response: apiKeyWithUsage,
  },
  deleteKey: {
    method: 'DELETE',
    path: '/api/webui/keys/{id}',
    access: 'admin',
    tag: 'Keys',
    summary: 'Revokes a key for ever. Its records stay.',
    params: idParams,
    response: 'none',
  },
} as const;

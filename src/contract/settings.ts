import { z } from 'zod';
import { time } from './common.ts';

/** How a value is given and shown. */
export const settingKind = z.discriminatedUnion('type', [
  z.object({ type: z.literal('integer'), min: z.int(), max: z.int(), unit: z.string().nullable() }),
  z.object({ type: z.literal('flag') }),
  z.object({ type: z.literal('choice'), options: z.array(z.string()) }),
  z.object({ type: z.literal('text') }),
  /** `*`, or a list of origins. */
  z.object({ type: z.literal('origins') }),
  /** Names to names. */
  z.object({ type: z.literal('map') }),
]);
export type SettingKind = z.output<typeof settingKind>;

export const settingValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.record(z.string(), z.string()),
  z.null(),
]);
export type SettingValue = z.output<typeof settingValue>;

/**
 * One setting. A value from the environment (or the .env file) is fixed there; else the console's is taken, else the
 * default.
 */
export const setting = z.object({
  /** The name of the environment variable. */
  name: z.string(),
  group: z.string(),
  description: z.string(),
  kind: settingKind,
  /** What holds now; null: nothing is set. */
  value: settingValue,
  default: settingValue,
  source: z.enum(['default', 'file', 'environment', 'console']),
  changedAt: time.nullable(),
  changedBy: z.string().nullable(),
});
export type Setting = z.output<typeof setting>;

/** What only a restart changes: read from the environment, shown beside the settings. Secrets are masked. */
const startupVariable = z.object({
  name: z.string(),
  value: z.string().nullable(),
  source: z.enum(['default', 'file', 'environment']),
  secret: z.boolean(),
});

/** What a change would lead to, or has led to. */
const settingChange = z.object({
  id: z.int(),
  name: z.string(),
  before: settingValue,
  after: settingValue,
  at: time,
  by: z.string(),
});

export const settingsEndpoints = {
  getSettings: {
    method: 'GET',
    path: '/api/webui/settings',
    access: 'viewer',
    tag: 'Settings',
    summary: 'All live settings, and the variables that only a restart changes.',
    response: z.object({ settings: z.array(setting), startup: z.array(startupVariable) }),
  },
  updateSettings: {
    method: 'PATCH',
    path: '/api/webui/settings',
    access: 'admin',
    tag: 'Settings',
    summary:
      'Changes settings, all or none; null brings back the default. Every server has them within seconds.',
    body: z.object({ changes: z.record(z.string().max(100), settingValue) }),
    response: z.object({ settings: z.array(setting) }),
  },
  testBudgetWebhook: {
    method: 'POST',
    path: '/api/webui/settings/test-webhook',
    access: 'admin',
    tag: 'Settings',
    summary: 'Sends a test to BUDGET_WEBHOOK_URL, once, and tells how it was answered.',
    response: z.object({
      delivered: z.boolean(),
      /** Null: there was no answer. */
      status: z.int().nullable(),
      /** Why it was not delivered. */
      problem: z.string().nullable(),
    }),
  },
  settingHistory: {
    method: 'GET',
    path: '/api/webui/settings/history',
    access: 'viewer',
    tag: 'Settings',
    summary: 'The last changes of settings, newest first.',
    response: z.object({ items: z.array(settingChange) }),
  },
} as const;

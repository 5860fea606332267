import { z } from 'zod';
import {
  flag,
  host,
  integer,
  oneOf,
  originList,
  proxyTrust,
  secret,
  signingSecret,
  stringMap,
  text,
  webAddress,
} from './variable-schemas.ts';

/** The first password of the console. It is public, so a server that has it must stay on loopback. */
export const publicPassword = 'admin123';

/** Every variable that the server reads, with its default. `.env.example` explains them; a test keeps the two equal. */
export const environmentSchema = z.object({
  NODE_ENV: oneOf(['development', 'production', 'test']).prefault('development'),
  HOST: host().prefault('127.0.0.1'),
  // 0 lets the system choose a free port.
  PORT: integer({ min: 0, max: 65_535 }).prefault('3000'),
  OPENAI_API_KEY_REQUIRED: flag().prefault('false'),
  CORS_ORIGIN: originList().prefault('*'),
  // Addresses or a number of proxies in front of this server whose word on the client's address and scheme counts.
  TRUST_PROXY: proxyTrust().prefault('false'),
  BODY_LIMIT_MB: integer({ min: 1, max: 1024, unit: 'megabytes' }).prefault('32'),
  REQUEST_TIMEOUT_SECONDS: integer({ min: 1, max: 86_400, unit: 'seconds' }).prefault('1800'),
  RETRY_GRACE_SECONDS: integer({ min: 0, max: 3600, unit: 'seconds' }).prefault('60'),
  SHUTDOWN_TIMEOUT_SECONDS: integer({ min: 0, max: 3600, unit: 'seconds' }).prefault('20'),

  SESSION_SECRET: secret(32, 'make one with `openssl rand -base64 32`').optional(),
  WEBUI_DEFAULT_PASSWORD: secret(8, 'choose a longer one').prefault(publicPassword),

  BUDGET_WEBHOOK_URL: webAddress().optional(),
  BUDGET_WEBHOOK_SECRET: signingSecret().optional(),

  SESSION_IDLE_MINUTES: integer({ min: 1, max: 100_000, unit: 'minutes' }).prefault('480'),
  TWO_FACTOR_REQUIRED: oneOf(['off', 'admins', 'everybody']).prefault('off'),

  DATA_DIR: text().prefault('data'),
  // Its default follows DATA_DIR.
  DATABASE_URL: text().optional(),
  TRANSCRIPT_RETENTION_DAYS: integer({ min: 0, max: 36_500, unit: 'days' }).prefault('30'),
  RESPONSE_RETENTION_DAYS: integer({ min: 0, max: 36_500, unit: 'days' }).prefault('30'),
  WORKSPACE_ROOT: text().prefault('public'),

  WORKSPACE_MAX_MB: integer({ min: 0, max: 100_000_000, unit: 'megabytes' }).prefault('0'),
  WORKSPACE_MAX_FILES: integer({ min: 0, max: 100_000_000, unit: 'files' }).prefault('0'),
  WORKSPACE_RETENTION_DAYS: integer({ min: 0, max: 36_500, unit: 'days' }).prefault('0'),
  WORKSPACE_COMMITS: flag().prefault('false'),
  FILE_DELIVERY: oneOf(['inline', 'links', 'off']).prefault('inline'),
  INLINE_FILE_MAX_KB: integer({ min: 1, max: 10_000, unit: 'kilobytes' }).prefault('64'),
  INLINE_TOTAL_MAX_KB: integer({ min: 1, max: 100_000, unit: 'kilobytes' }).prefault('256'),
  FILE_MAX_MB: integer({ min: 1, max: 100_000, unit: 'megabytes' }).prefault('512'),
  FILE_RETENTION_DAYS: integer({ min: 0, max: 36_500, unit: 'days' }).prefault('30'),

  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).prefault('info'),
  LOG_DIR: text().prefault('logs'),
  METRICS_ACCESS: oneOf(['off', 'loopback', 'key', 'open']).prefault('loopback'),

  RECORD_DETAIL: oneOf(['off', 'redacted', 'full']).prefault('redacted'),
  RECORD_BODY_MAX_KB: integer({ min: 1, max: 100_000, unit: 'kilobytes' }).prefault('256'),
  RECORD_RETENTION_DAYS: integer({ min: 0, max: 36_500, unit: 'days' }).prefault('30'),
  RECORD_MAX_MB: integer({ min: 0, max: 10_000_000, unit: 'megabytes' }).prefault('1024'),
  PUBLIC_SHARE_LINKS: flag().prefault('false'),

  DEFAULT_MODEL: text().optional(),
  SMALL_MODEL: text().optional(),
  SIDE_REQUESTS: oneOf(['small', 'off']).prefault('small'),
  MODEL_ALIASES: stringMap('{"gpt-4o":"sonnet"}').prefault('{}'),
  PERMISSION_MODE: oneOf(['bypassPermissions', 'acceptEdits', 'plan', 'dontAsk', 'default']).prefault(
    'bypassPermissions',
  ),
  SANDBOX: oneOf(['auto', 'required', 'off']).prefault('auto'),
  APPROVALS: oneOf(['client', 'console', 'deny']).prefault('client'),
  APPROVALS_BY_KEYS: flag().prefault('false'),
  APPROVAL_TIMEOUT_SECONDS: integer({ min: 1, max: 86_400, unit: 'seconds' }).prefault('300'),
  SHOW_TOOL_ACTIVITY: flag().prefault('true'),
  AGENT_ITEMS: oneOf(['off', 'on', 'on-request']).prefault('on-request'),

  // The default of the first follows the machine, that of the second the first.
  MAX_PROCESSES: integer({ min: 1, max: 1000 }).optional(),
  WARM_SPARES: integer({ min: 0, max: 1000 }).optional(),
  IDLE_TTL_SECONDS: integer({ min: 0, max: 86_400, unit: 'seconds' }).prefault('600'),
  QUEUE_LIMIT: integer({ min: 0, max: 100_000 }).prefault('64'),
  // Its default follows MAX_PROCESSES.
  BACKGROUND_WORKERS: integer({ min: 1, max: 1000 }).optional(),
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;

/** Variables whose values are never shown. DATABASE_URL may hold a password. */
export const secretVariables: ReadonlySet<string> = new Set<VariableName>([
  'SESSION_SECRET',
  'WEBUI_DEFAULT_PASSWORD',
  'BUDGET_WEBHOOK_SECRET',
  'DATABASE_URL',
]);

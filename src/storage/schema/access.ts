import type { GeneratedAlways } from 'kysely';

/** Hashes are keyed and hexadecimal. */
export interface ApiKeysTable {
  id: string;
  secret_hash: string;
  /** Of the secret before the last rotation. */
  previous_hash: string | null;
  previous_valid_until: number | null;
  prefix: string;
  name: string;
  description: string;
  owner: string;
  active: 0 | 1;
  created_at: number;
  created_by: string;
  expires_at: number | null;
  last_used_at: number | null;
  rotated_at: number | null;
  /** JSON. */
  limits: string;
  /** JSON. */
  permissions: string;
  /** JSON. */
  tags: string;
  spending_reset_at: number | null;
}

export interface KeySpendingTable {
  /** A UTC day such as `2026-03-07`, or a month such as `2026-03`. */
  period: string;
  key_id: string;
  requests: number;
  tokens: number;
  cost_nano_usd: number;
}

/** Shares of budgets that somebody was told of. */
export interface BudgetAlertsTable {
  key_id: string;
  /** As in `key_spending`. */
  period: string;
  kind: 'hard' | 'soft';
  percent: number;
  at: number;
}

export interface RunLeasesTable {
  run_id: string;
  key_id: string;
  expires_at: number;
}

/** The table of rate-limiter-flexible. */
export interface RateLimitsTable {
  key: string;
  points: number;
  expire: number | null;
}

export interface WebuiUsersTable {
  id: string;
  username: string;
  /** What no two have the same. */
  username_lower: string;
  password_hash: string;
  role: 'admin' | 'viewer';
  active: 0 | 1;
  must_change_password: 0 | 1;
  created_at: number;
  last_sign_in_at: number | null;
  /** Sealed. These three are null where two-factor sign-in is off. */
  totp_secret: string | null;
  totp_since: number | null;
  totp_last_step: number | null;
}

/** What is left of them. Hashes are keyed and hexadecimal. */
export interface WebuiRecoveryCodesTable {
  user_id: string;
  code_hash: string;
}

export interface WebuiSessionsTable {
  id: string;
  token_hash: string;
  user_id: string;
  csrf_secret: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
  address: string;
  client: string;
}

export interface AuditLogTable {
  id: GeneratedAlways<number>;
  at: number;
  actor: string;
  address: string | null;
  action: string;
  target: string | null;
  /** JSON. */
  details: string;
}

export interface ProfilesTable {
  name: string;
  updated_at: number;
  updated_by: string;
  /** JSON. */
  spec: string;
}

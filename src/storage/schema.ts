import type { GeneratedAlways } from 'kysely';
import type { ViewPage } from '../contract/index.ts';

/** The tables as the code of today sees them; the migrations make them. Times are in milliseconds since 1970. */
export interface Schema {
  transcript_sessions: TranscriptSessionsTable;
  transcript_entries: TranscriptEntriesTable;
  conversation_points: ConversationPointsTable;
  items: ItemsTable;
  responses: ResponsesTable;
  response_items: ResponseItemsTable;
  response_runs: ResponseRunsTable;
  response_events: ResponseEventsTable;
  conversations: ConversationsTable;
  conversation_items: ConversationItemsTable;
  api_keys: ApiKeysTable;
  key_spending: KeySpendingTable;
  budget_alerts: BudgetAlertsTable;
  run_leases: RunLeasesTable;
  rate_limits: RateLimitsTable;
  webui_users: WebuiUsersTable;
  webui_recovery_codes: WebuiRecoveryCodesTable;
  webui_sessions: WebuiSessionsTable;
  audit_log: AuditLogTable;
  profiles: ProfilesTable;
  settings: SettingsTable;
  settings_history: SettingsHistoryTable;
  change_versions: ChangeVersionsTable;
  request_logs: RequestLogsTable;
  request_details: RequestDetailsTable;
  record_days: RecordDaysTable;
  analytics: AnalyticsTable;
  files: FilesTable;
  containers: ContainersTable;
  container_files: ContainerFilesTable;
  conversation_workspaces: ConversationWorkspacesTable;
  saved_views: SavedViewsTable;
  default_views: DefaultViewsTable;
  share_links: ShareLinksTable;
}

interface TranscriptSessionsTable {
  id: string;
  owner: string;
  parent_session_id: string | null;
  parent_entry_uuid: string | null;
  created_at: number;
  /** When an entry was last added. */
  updated_at: number;
}

interface TranscriptEntriesTable {
  session_id: string;
  /** Ascending within the session; there may be gaps. */
  seq: number;
  uuid: string | null;
  /** JSON. */
  body: string;
}

interface ConversationPointsTable {
  owner: string;
  fingerprint: string;
  session_id: string;
  entry_uuid: string;
  updated_at: number;
}

interface ItemsTable {
  owner: string;
  id: string;
  /** Of the body: an owner may have several bodies under one id. */
  digest: string;
  created_at: number;
  /** JSON. */
  body: string;
}

interface ResponsesTable {
  id: string;
  owner: string;
  previous_response_id: string | null;
  conversation_id: string | null;
  /** What the conversation held when this response began: its positions below this one. */
  conversation_end: number | null;
  status: 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';
  background: 0 | 1;
  created_at: number;
  completed_at: number | null;
  /** Set where it was deleted but others still continue it. */
  deleted_at: number | null;
  /** JSON. */
  request: string;
  /** JSON. */
  response: string;
}

interface ResponseItemsTable {
  response_id: string;
  is_output: 0 | 1;
  position: number;
  owner: string;
  item_id: string;
  digest: string;
}

/** One row for each response that is waiting for a worker or in the hands of one; see responses/runs.ts. */
interface ResponseRunsTable {
  response_id: string;
  state: 'queued' | 'claimed' | 'started';
  queued_at: number;
  /** How often it was claimed. */
  attempts: number;
  worker_id: string | null;
  lease_until: number | null;
  cancel_requested_at: number | null;
}

interface ResponseEventsTable {
  response_id: string;
  sequence: number;
  /** JSON. */
  body: string;
}

interface ConversationsTable {
  id: string;
  owner: string;
  created_at: number;
  /** When it was last changed or added to. */
  updated_at: number;
  next_position: number;
  /** JSON. */
  metadata: string;
}

interface ConversationItemsTable {
  conversation_id: string;
  /** Ascending within the conversation; there may be gaps. */
  position: number;
  owner: string;
  item_id: string;
  digest: string;
}

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

interface KeySpendingTable {
  /** A UTC day such as `2026-03-07`, or a month such as `2026-03`. */
  period: string;
  key_id: string;
  requests: number;
  tokens: number;
  cost_nano_usd: number;
}

/** Shares of budgets that somebody was told of. */
interface BudgetAlertsTable {
  key_id: string;
  /** As in `key_spending`. */
  period: string;
  kind: 'hard' | 'soft';
  percent: number;
  at: number;
}

interface RunLeasesTable {
  run_id: string;
  key_id: string;
  expires_at: number;
}

/** The table of rate-limiter-flexible. */
interface RateLimitsTable {
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
interface WebuiRecoveryCodesTable {
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

interface AuditLogTable {
  id: GeneratedAlways<number>;
  at: number;
  actor: string;
  address: string | null;
  action: string;
  target: string | null;
  /** JSON. */
  details: string;
}

interface ProfilesTable {
  name: string;
  updated_at: number;
  updated_by: string;
  /** JSON. */
  spec: string;
}

interface SettingsTable {
  name: string;
  value: string;
  changed_at: number;
  changed_by: string;
}

interface SettingsHistoryTable {
  id: GeneratedAlways<number>;
  name: string;
  /** Null: it was not set. */
  value_before: string | null;
  value_after: string | null;
  changed_at: number;
  changed_by: string;
}

/** How often what every server keeps a copy of has changed. */
interface ChangeVersionsTable {
  subject: 'profiles' | 'settings';
  version: number;
}

/** One row for each request; texts are cut to size. */
export interface RequestLogsTable {
  /** Where it stands among those of the same millisecond. */
  id: GeneratedAlways<number>;
  request_id: string;
  started_at: number;
  status: number;
  duration_ms: number;
  first_token_ms: number | null;
  cost_nano_usd: number | null;
  endpoint: string;
  method: string;
  transport: 'http' | 'websocket' | 'background';
  key_id: string | null;
  model_used: string | null;
  profile: string | null;
  stream: 0 | 1;
  source: 'live' | 'stored' | 'synthesised' | 'new' | null;
  stop_reason: string | null;
  upstream_calls: number;
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  thinking_tokens: number;
  owner: string | null;
  address: string | null;
  error_code: string | null;
  key_name: string | null;
  model_asked: string | null;
  client: string | null;
  conversation: string | null;
  response_id: string | null;
  error_message: string | null;
  /** JSON: how often each. */
  tools: string;
  /** JSON: a list of paths. */
  files: string;
}

interface RequestDetailsTable {
  /** Of the request's row. */
  id: number;
  started_at: number;
  /** Of the body, in bytes. */
  size: number;
  /** JSON. */
  body: string;
}

/** What is stored of each UTC day. */
interface RecordDaysTable {
  /** When it began. */
  day: number;
  records: number;
  detail_bytes: number;
}

/** Sums over minutes, hours, UTC days and stretches of 30 days. Beside these it has the columns of records/histogram.ts. */
interface AnalyticsTable {
  granularity: 'minute' | 'hour' | 'day' | 'month';
  dimension: 'total' | 'model' | 'key' | 'endpoint';
  bucket_start: number;
  /** The model, the key's id or the endpoint; empty where there is none, and for the total. */
  value: string;
  /** What the key was called last. */
  label: string | null;
  requests: number;
  errors: number;
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  thinking_tokens: number;
  cost_nano_usd: number;
  /** Requests whose answer had a token. */
  first_tokens: number;
}

/** What clients uploaded. */
export interface FilesTable {
  /** Where it stands in lists. */
  id: GeneratedAlways<number>;
  file_id: string;
  owner: string;
  purpose: string;
  bytes: number;
  /** Of the content, hexadecimal; by it the content is found. */
  sha256: string;
  created_at: number;
  expires_at: number | null;
  media_type: string;
  filename: string;
}

/** A workspace as one owner sees it. */
export interface ContainersTable {
  id: GeneratedAlways<number>;
  container_id: string;
  owner: string;
  workspace_id: string;
  created_at: number;
  last_active_at: number;
  /** After it was last active; null: never. */
  expires_after_minutes: number | null;
  name: string;
}

/** Each row is one state of one file. */
export interface ContainerFilesTable {
  id: GeneratedAlways<number>;
  file_id: string;
  container_id: string;
  owner: string;
  source: 'assistant' | 'user';
  bytes: number;
  sha256: string;
  created_at: number;
  /** When its path got other content, or none; null: it is what is there, as far as is known. */
  superseded_at: number | null;
  /** The turn that made it. */
  run_id: string | null;
  media_type: string;
  path: string;
}

interface ConversationWorkspacesTable {
  owner: string;
  /** What a conversation is found by. */
  mark: string;
  updated_at: number;
  workspace_id: string;
}

/** Filters of a page of the console, under a name that no other of the user and page has. */
interface SavedViewsTable {
  id: string;
  user_id: string;
  page: ViewPage;
  name: string;
  /** The query of the page's address. */
  search: string;
  shared: 0 | 1;
  created_at: number;
  updated_at: number;
}

/** What a page opens with, by user. */
interface DefaultViewsTable {
  user_id: string;
  page: ViewPage;
  view_id: string;
}

/** Public links to recorded requests. */
export interface ShareLinksTable {
  id: string;
  /** Keyed, hexadecimal. */
  token_hash: string;
  request_id: string;
  created_at: number;
  created_by: string;
  expires_at: number;
  last_opened_at: number | null;
  opened: number;
}

import type { GeneratedAlways } from 'kysely';

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

export interface RequestDetailsTable {
  /** Of the request's row. */
  id: number;
  started_at: number;
  /** Of the body, in bytes. */
  size: number;
  /** JSON. */
  body: string;
}

/** What is stored of each UTC day. */
export interface RecordDaysTable {
  /** When it began. */
  day: number;
  records: number;
  detail_bytes: number;
}

/** Sums over minutes, hours, UTC days and stretches of 30 days. Beside these it has the columns of records/histogram.ts. */
export interface AnalyticsTable {
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

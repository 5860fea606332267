import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import SqliteDatabase from 'better-sqlite3';

/** The tables of the project that this one succeeds, as its code makes them. */
const schema = `
  create table api_keys (
    id text primary key, key text unique not null, name text not null, created_at text not null, expires_at text,
    is_active boolean not null default 1, permissions text not null default '{}',
    rate_limit integer not null default 60, description text, last_used text,
    usage_count integer not null default 0
  );
  create table request_logs (
    id text primary key, timestamp text not null, api_key_id text, endpoint text not null, method text not null,
    model text, status_code integer not null, request_body text, response_body text,
    response_time integer not null, tokens_used integer, ip_address text, user_agent text, error_message text,
    foreign key (api_key_id) references api_keys (id)
  );
  create table analytics (
    id text primary key, date text not null, metric_type text not null, metric_value integer not null,
    metadata text default '{}', unique (date, metric_type)
  );
  create table webui_users (
    id text primary key, username text unique not null, password_hash text not null, created_at text not null,
    last_login text, is_active boolean not null default 1, role text not null default 'viewer'
  );
  create table configuration (
    key text primary key, value text not null, type text not null default 'string', updated_at text not null,
    updated_by text
  );
  create index idx_request_logs_timestamp on request_logs (timestamp);
  create index idx_request_logs_api_key_id on request_logs (api_key_id);
  create index idx_request_logs_endpoint on request_logs (endpoint);
  create index idx_request_logs_status_code on request_logs (status_code);
  create index idx_analytics_date on analytics (date);
  create index idx_analytics_metric_type on analytics (metric_type);
  create index idx_api_keys_active on api_keys (is_active);
  create index idx_api_keys_last_used on api_keys (last_used);
`;

type Column = string | number | null;
type Row = Readonly<Record<string, Column>>;

export interface OriginalContent {
  readonly keys?: readonly Row[];
  readonly users?: readonly Row[];
  readonly logs?: readonly Row[];
  readonly analytics?: readonly Row[];
  readonly configuration?: Readonly<Record<string, string>>;
}

/** Makes a file as the original would have left it; it is closed again. */
export function makeOriginalDatabase(file: string, content: OriginalContent): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new SqliteDatabase(file);
  // Nor did the original's driver check them: keys were deleted, and what they had asked for stayed.
  database.pragma('foreign_keys = OFF');
  database.exec(schema);
  const { keys = [], users = [], logs = [], analytics = [], configuration = {} } = content;
  const settings = Object.entries(configuration).map(([key, value]) => ({
    ...{ key, value, type: 'string', updated_at: hoursAgo(1), updated_by: 'admin' },
  }));
  const tables = {
    api_keys: keys,
    webui_users: users,
    request_logs: logs,
    analytics,
    configuration: settings,
  };
  database.transaction(() => {
    for (const [table, rows] of Object.entries(tables)) {
      for (const row of rows) {
        const names = Object.keys(row);
        const places = names.map(() => '?').join(', ');
        database
          .prepare(`insert into ${table} (${names.join(', ')}) values (${places})`)
          .run(Object.values(row));
      }
    }
  })();
  database.close();
}

/** A time as the original wrote it. */
export function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

/** An API key as the original made them. */
export function originalSecret(digit: string): string {
  return `sk-${digit.repeat(64)}`;
}

export function originalKey(more: Row = {}): Row {
  return {
    id: randomUUID(),
    key: originalSecret('a'),
    name: 'laptop',
    created_at: hoursAgo(1000),
    expires_at: null,
    is_active: 1,
    permissions: '{}',
    rate_limit: 60,
    description: null,
    last_used: null,
    usage_count: 0,
    ...more,
  };
}

/** Its password is hashed as the original did, but for the cost. */
export function originalUser(username: string, password: string, more: Row = {}): Row {
  return {
    id: randomUUID(),
    username,
    password_hash: hashSync(password, 4),
    created_at: hoursAgo(1000),
    last_login: null,
    is_active: 1,
    role: 'admin',
    ...more,
  };
}

/** A chat completion that went well. */
export function originalLog(more: Row = {}): Row {
  return {
    id: randomUUID(),
    timestamp: hoursAgo(2),
    api_key_id: null,
    endpoint: '/v1/chat/completions',
    method: 'POST',
    model: 'gpt-4o',
    status_code: 200,
    request_body: originalQuestion('What is a prime?'),
    response_body: originalAnswer('A number with two divisors.'),
    response_time: 1500,
    tokens_used: 19,
    ip_address: '::1',
    user_agent: 'OpenAI/JS 4.20.0',
    error_message: null,
    ...more,
  };
}

export function originalQuestion(content: string, more: object = {}): string {
  return JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more }, null, 2);
}

function originalAnswer(content: string): string {
  return JSON.stringify({
    id: 'chatcmpl-7',
    object: 'chat.completion',
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
}

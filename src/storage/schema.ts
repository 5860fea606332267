import type {
  ApiKeysTable,
  AuditLogTable,
  BudgetAlertsTable,
  KeySpendingTable,
  ProfilesTable,
  RateLimitsTable,
  RunLeasesTable,
  WebuiRecoveryCodesTable,
  WebuiSessionsTable,
  WebuiUsersTable,
} from './schema/access.ts';
import type {
  ContainerFilesTable,
  ContainersTable,
  ConversationWorkspacesTable,
  FilesTable,
} from './schema/files.ts';
import type {
  AnalyticsTable,
  RecordDaysTable,
  RequestDetailsTable,
  RequestLogsTable,
  ShareLinksTable,
} from './schema/records.ts';
import type {
  ConversationItemsTable,
  ConversationsTable,
  ItemsTable,
  ResponseEventsTable,
  ResponseItemsTable,
  ResponseRunsTable,
  ResponsesTable,
} from './schema/responses.ts';
import type {
  ChangeVersionsTable,
  DefaultViewsTable,
  SavedViewsTable,
  SettingsHistoryTable,
  SettingsTable,
} from './schema/settings.ts';
import type {
  ConversationPointsTable,
  TranscriptEntriesTable,
  TranscriptSessionsTable,
} from './schema/transcripts.ts';

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

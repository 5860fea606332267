export { DatabaseAuditStore } from './access/audit-store.ts';
export { DatabaseBudgetAlertStore } from './access/budget-alert-store.ts';
export { DatabaseKeyStore } from './access/key-store.ts';
export { DatabaseProfileStore } from './access/profile-store.ts';
export { DatabaseRunLeaseStore } from './access/run-lease-store.ts';
export { DatabaseSessionStore } from './access/session-store.ts';
export { DatabaseSettingsStore } from './access/settings-store.ts';
export { DatabaseShareStore } from './access/share-store.ts';
export { DatabaseSpendingStore } from './access/spending-store.ts';
export { DatabaseUserStore } from './access/user-store.ts';
export { DatabaseTwoFactorStore } from './access/user-two-factor-store.ts';
export { DatabaseViewStore } from './access/view-store.ts';
export { BlobStore, type Draft } from './blobs/blob-store.ts';
export {
  ConversationOverview,
  cursorOf,
  type OverviewEntry,
} from './conversations/conversation-overview.ts';
export { ConversationStore, type StoredConversation } from './conversations/conversation-store.ts';
export {
  ContainerFileStore,
  type NewContainerFile,
  type StoredContainerFile,
} from './files/container-file-store.ts';
export { ContainerStore, type StoredContainer } from './files/container-store.ts';
export { FileStore, type StoredFile } from './files/file-store.ts';
export { findReferencedBlobs } from './files/find-referenced-blobs.ts';
export type { ItemList, ItemPage } from './items/page-items.ts';
export type { StoredItem } from './items/stored-items.ts';
export { type Database, openDatabase } from './open-database.ts';
export type { OriginalUpgrade } from './original/original-upgrade.ts';
export type { FileUpgrade } from './original/prepare-file.ts';
export { upgradeOriginal } from './original/upgrade-original.ts';
export { DatabaseRateLimiter } from './rate-limits/database-rate-limiter.ts';
export { RecordStore } from './records/record-store.ts';
export { ResponseStore } from './responses/response-store.ts';
export type * from './responses/stored-response.ts';
export { isFinal } from './responses/stored-response.ts';
export { openRunQueue } from './run-queue/open-run-queue.ts';
export type { RunQueue } from './run-queue/run-queue.ts';
export { StorageError } from './storage-error.ts';
export { DatabaseTranscriptStore } from './transcript-store.ts';
export { ConversationWorkspaces } from './workspaces/conversation-workspaces.ts';
export { listStoredWorkspaces, type StoredWorkspace } from './workspaces/stored-workspaces.ts';

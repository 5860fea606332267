export { openDatabase } from './open-database.ts';
export { StorageError } from './storage-error.ts';
export { DatabaseTranscriptStore } from './transcript-store.ts';

export interface TranscriptSessionsTable {
  id: string;
  owner: string;
  parent_session_id: string | null;
  parent_entry_uuid: string | null;
  created_at: number;
  /** When an entry was last added. */
  updated_at: number;
}

export interface TranscriptEntriesTable {
  session_id: string;
  /** Ascending within the session; there may be gaps. */
  seq: number;
  uuid: string | null;
  /** JSON. */
  body: string;
}

export interface ConversationPointsTable {
  owner: string;
  fingerprint: string;
  session_id: string;
  entry_uuid: string;
  updated_at: number;
}

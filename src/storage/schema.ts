/** The tables as the code of today sees them; the migrations make them. Times are in milliseconds since 1970. */
export interface Schema {
  transcript_sessions: TranscriptSessionsTable;
  transcript_entries: TranscriptEntriesTable;
  conversation_points: ConversationPointsTable;
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

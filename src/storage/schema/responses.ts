export interface ItemsTable {
  owner: string;
  id: string;
  /** Of the body: an owner may have several bodies under one id. */
  digest: string;
  created_at: number;
  /** JSON. */
  body: string;
}

export interface ResponsesTable {
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

export interface ResponseItemsTable {
  response_id: string;
  is_output: 0 | 1;
  position: number;
  owner: string;
  item_id: string;
  digest: string;
}

/** One row for each response that is waiting for a worker or in the hands of one; see responses/runs.ts. */
export interface ResponseRunsTable {
  response_id: string;
  state: 'queued' | 'claimed' | 'started';
  queued_at: number;
  /** How often it was claimed. */
  attempts: number;
  worker_id: string | null;
  lease_until: number | null;
  cancel_requested_at: number | null;
}

export interface ResponseEventsTable {
  response_id: string;
  sequence: number;
  /** JSON. */
  body: string;
}

export interface ConversationsTable {
  id: string;
  owner: string;
  created_at: number;
  /** When it was last changed or added to. */
  updated_at: number;
  next_position: number;
  /** JSON. */
  metadata: string;
}

export interface ConversationItemsTable {
  conversation_id: string;
  /** Ascending within the conversation; there may be gaps. */
  position: number;
  owner: string;
  item_id: string;
  digest: string;
}

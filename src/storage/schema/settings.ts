import type { GeneratedAlways } from 'kysely';
import type { ViewPage } from '../../contract/index.ts';

export interface SettingsTable {
  name: string;
  value: string;
  changed_at: number;
  changed_by: string;
}

export interface SettingsHistoryTable {
  id: GeneratedAlways<number>;
  name: string;
  /** Null: it was not set. */
  value_before: string | null;
  value_after: string | null;
  changed_at: number;
  changed_by: string;
}

/** How often what every server keeps a copy of has changed. */
export interface ChangeVersionsTable {
  subject: 'profiles' | 'settings';
  version: number;
}

/** Filters of a page of the console, under a name that no other of the user and page has. */
export interface SavedViewsTable {
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
export interface DefaultViewsTable {
  user_id: string;
  page: ViewPage;
  view_id: string;
}

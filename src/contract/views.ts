import { z } from 'zod';
import { idParams, time } from './common.ts';

/** The pages of the console that have views. */
export const viewPage = z.enum(['records', 'runs', 'keys', 'conversations', 'workspaces', 'audit', 'logs']);
export type ViewPage = z.output<typeof viewPage>;

/** Most views that a user may have of one page. */
export const mostViews = 50;

const viewName = z
  .string()
  .trim()
  .normalize()
  .regex(/^\P{Cc}*$/u, 'use one line, without control characters')
  .min(1)
  .max(60);

/** The query of a page’s address without the question mark. Ranges of time up to now stay relative: `range=24h`. */
const viewSearch = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e]*$/, 'write it as in an address');

/** The filters and the order of a page, kept under a name. */
export const view = z.object({
  id: z.string(),
  page: viewPage,
  name: z.string(),
  search: z.string(),
  /** Everybody finds it. */
  shared: z.boolean(),
  /** Of whoever asks; others’ views can be used, not changed. */
  own: z.boolean(),
  /** The user who made it. */
  owner: z.string(),
  /** The page opens with it for whoever asks. */
  isDefault: z.boolean(),
  createdAt: time,
  /** When its name or what it shows last changed. */
  updatedAt: time,
});
export type View = z.output<typeof view>;

const newView = z.object({
  page: viewPage,
  name: viewName,
  search: viewSearch,
  /** For admins. */
  shared: z.boolean().default(false),
  isDefault: z.boolean().default(false),
});
export type NewView = z.output<typeof newView>;

const viewChange = z.object({
  name: viewName.optional(),
  search: viewSearch.optional(),
  /** True is for admins. */
  shared: z.boolean().optional(),
  /** The only field that may be given for a view of somebody else’s. */
  isDefault: z.boolean().optional(),
});
export type ViewChange = z.output<typeof viewChange>;

export const viewEndpoints = {
  listViews: {
    method: 'GET',
    path: '/api/webui/views',
    access: 'viewer',
    tag: 'Views',
    summary: 'The own views, and those that admins share, by name.',
    query: z.object({ page: viewPage.optional() }),
    response: z.object({ items: z.array(view) }),
  },
  createView: {
    method: 'POST',
    path: '/api/webui/views',
    access: 'viewer',
    tag: 'Views',
    summary: `Keeps filters of a page under a name that no other view of the user and page has; at most ${mostViews}.`,
    body: newView,
    response: view,
  },
  updateView: {
    method: 'PATCH',
    path: '/api/webui/views/{id}',
    access: 'viewer',
    tag: 'Views',
    summary: 'Changes an own view, or opens the page with this view from now on.',
    params: idParams,
    body: viewChange,
    response: view,
  },
  deleteView: {
    method: 'DELETE',
    path: '/api/webui/views/{id}',
    access: 'viewer',
    tag: 'Views',
    summary: 'Deletes an own view.',
    params: idParams,
    response: 'none',
  },
} as const;

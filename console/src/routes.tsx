import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { AppFrame } from './layout/app-frame.tsx';
import { NotFound, PageError, PageLoading } from './layout/page-states.tsx';
import { RequireAdmin } from './layout/require-admin.tsx';
import { readAuditSearch } from './pages/audit/search.ts';
import { readConversationSearch } from './pages/conversation/search.ts';
import { readConversationsSearch } from './pages/conversations/search.ts';
import { readDashboardSearch } from './pages/dashboard/search.ts';
import { readKeySearch } from './pages/key/search.ts';
import { readKeysSearch } from './pages/keys/search.ts';
import { readLogsSearch } from './pages/logs/search.ts';
import { readPlaygroundSearch } from './pages/playground/search.ts';
import { readProfileSearch } from './pages/profile/search.ts';
import { readProfilesSearch } from './pages/profiles/search.ts';
import { readRecordSearch } from './pages/record/search.ts';
import { readRecordsSearch } from './pages/records/search.ts';
import { readRunSearch } from './pages/run/search.ts';
import { readRunsSearch } from './pages/runs/search.ts';
import { readSettingsSearch } from './pages/settings/search.ts';
import { readUsersSearch } from './pages/users/search.ts';
import { readWorkspaceSearch } from './pages/workspace/search.ts';
import { readWorkspacesSearch } from './pages/workspaces/search.ts';
import { parseSearch, writeSearch } from './search/search-text.ts';

const root = createRootRoute({ component: AppFrame, notFoundComponent: NotFound });
/** Pages that the server refuses to viewers. */
const admin = createRoute({ getParentRoute: () => root, id: 'admin', component: RequireAdmin });

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readDashboardSearch,
  component: lazyRouteComponent(() => import('./pages/dashboard/page.tsx'), 'DashboardPage'),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: readRunsSearch,
  component: lazyRouteComponent(() => import('./pages/runs/page.tsx'), 'RunsPage'),
});
const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$id',
  validateSearch: readRunSearch,
  component: lazyRouteComponent(() => import('./pages/run/page.tsx'), 'RunPage'),
});
const records = createRoute({
  getParentRoute: () => root,
  path: '/records',
  validateSearch: readRecordsSearch,
  component: lazyRouteComponent(() => import('./pages/records/page.tsx'), 'RecordsPage'),
});
const record = createRoute({
  getParentRoute: () => root,
  path: '/records/$id',
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('./pages/record/page.tsx'), 'RecordPage'),
});
const approvals = createRoute({
  getParentRoute: () => admin,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./pages/approvals/page.tsx'), 'ApprovalsPage'),
});
const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: readPlaygroundSearch,
  component: lazyRouteComponent(() => import('./pages/playground/page.tsx'), 'PlaygroundPage'),
});
const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  validateSearch: readKeysSearch,
  component: lazyRouteComponent(() => import('./pages/keys/page.tsx'), 'KeysPage'),
});
const key = createRoute({
  getParentRoute: () => root,
  path: '/keys/$id',
  validateSearch: readKeySearch,
  component: lazyRouteComponent(() => import('./pages/key/page.tsx'), 'KeyPage'),
});
const users = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  validateSearch: readUsersSearch,
  component: lazyRouteComponent(() => import('./pages/users/page.tsx'), 'UsersPage'),
});
const profiles = createRoute({
  getParentRoute: () => root,
  path: '/profiles',
  validateSearch: readProfilesSearch,
  component: lazyRouteComponent(() => import('./pages/profiles/page.tsx'), 'ProfilesPage'),
});
const profile = createRoute({
  getParentRoute: () => root,
  path: '/profiles/$name',
  validateSearch: readProfileSearch,
  component: lazyRouteComponent(() => import('./pages/profile/page.tsx'), 'ProfilePage'),
});
const workspaces = createRoute({
  getParentRoute: () => root,
  path: '/workspaces',
  validateSearch: readWorkspacesSearch,
  component: lazyRouteComponent(() => import('./pages/workspaces/page.tsx'), 'WorkspacesPage'),
});
const workspace = createRoute({
  getParentRoute: () => root,
  path: '/workspaces/$id',
  validateSearch: readWorkspaceSearch,
  component: lazyRouteComponent(() => import('./pages/workspace/page.tsx'), 'WorkspacePage'),
});
const conversations = createRoute({
  getParentRoute: () => root,
  path: '/conversations',
  validateSearch: readConversationsSearch,
  component: lazyRouteComponent(() => import('./pages/conversations/page.tsx'), 'ConversationsPage'),
});
const conversation = createRoute({
  getParentRoute: () => root,
  path: '/conversations/$id',
  validateSearch: readConversationSearch,
  component: lazyRouteComponent(() => import('./pages/conversation/page.tsx'), 'ConversationPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
});
const audit = createRoute({
  getParentRoute: () => admin,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/page.tsx'), 'AuditPage'),
});
const logs = createRoute({
  getParentRoute: () => admin,
  path: '/logs',
  validateSearch: readLogsSearch,
  component: lazyRouteComponent(() => import('./pages/logs/page.tsx'), 'LogsPage'),
});
const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyRouteComponent(() => import('./pages/health/page.tsx'), 'HealthPage'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/page.tsx'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    dashboard,
    runs,
    run,
    records,
    record,
    playground,
    keys,
    key,
    profiles,
    profile,
    workspaces,
    workspace,
    conversations,
    conversation,
    settings,
    health,
    account,
    admin.addChildren([approvals, users, audit, logs]),
  ]),
  basepath: '/webui',
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 150,
  defaultErrorComponent: PageError,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

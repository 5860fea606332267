import type { InjectOptions } from 'fastify';
import { type Access, type Endpoint, type EndpointName, endpoints } from '../../contract/index.ts';
import { people } from './console-fakes.ts';
import type { ConsoleServer } from './console-server.ts';

/** A call of each endpoint that is right in itself, so that only who calls decides. */
const samples: Readonly<Record<EndpointName, { path?: string; payload?: object }>> = {
  signIn: { payload: { username: 'admin', password: 'admin-password' } },
  confirmSignIn: { payload: { challenge: 'admin', code: '123456' } },
  getTwoFactor: {},
  beginTwoFactor: { payload: { password: '' } },
  turnOnTwoFactor: { payload: { setup: '', code: '123456' } },
  turnOffTwoFactor: { payload: { password: '', code: '123456' } },
  renewRecoveryCodes: { payload: { password: '', code: '123456' } },
  getSession: {},
  signOut: {},
  changePassword: { payload: { currentPassword: '', newPassword: 'a new password' } },
  listSessions: {},
  revokeSession: { path: '/api/webui/sessions/session_0' },
  listUsers: {},
  createUser: { payload: { username: 'new', password: 'a long password', role: 'viewer' } },
  updateUser: { path: '/api/webui/users/viewer', payload: { active: false } },
  resetPassword: { path: '/api/webui/users/viewer/password', payload: { password: 'a long password' } },
  resetTwoFactor: { path: '/api/webui/users/viewer/two-factor' },
  deleteUser: { path: '/api/webui/users/viewer' },
  listKeys: {},
  getKey: { path: '/api/webui/keys/key_1' },
  createKey: { payload: { name: 'new' } },
  updateKey: { path: '/api/webui/keys/key_1', payload: { active: false } },
  rotateKey: { path: '/api/webui/keys/key_1/rotate', payload: {} },
  resetKeySpending: { path: '/api/webui/keys/key_1/reset-spending' },
  deleteKey: { path: '/api/webui/keys/key_1' },
  listProfiles: {},
  getProfile: { path: '/api/webui/profiles/agent' },
  putProfile: { path: '/api/webui/profiles/own', payload: {} },
  deleteProfile: { path: '/api/webui/profiles/agent' },
  getSettings: {},
  updateSettings: { payload: { changes: { LOG_LEVEL: 'debug' } } },
  testBudgetWebhook: {},
  settingHistory: {},
  listAudit: {},
  listRecords: {},
  exportRecords: {},
  getRecord: { path: '/api/webui/records/req_1' },
  getRecordDetail: { path: '/api/webui/records/req_1/detail' },
  recordStatus: {},
  listRuns: {},
  getRun: { path: '/api/webui/runs/run_1' },
  stopRun: { path: '/api/webui/runs/run_1/stop' },
  listApprovals: {},
  answerApproval: { path: '/api/webui/approvals/appr_1', payload: { decision: 'allow' } },
  listShareLinks: {},
  listRecordShareLinks: { path: '/api/webui/records/req_1/shares' },
  createShareLink: { path: '/api/webui/records/req_1/shares', payload: {} },
  revokeShareLink: { path: '/api/webui/share-links/share_1' },
  openShareLink: { path: '/api/webui/shared/token_1' },
  rollBackRun: { path: '/api/webui/runs/run_1/rollback', payload: { dryRun: true } },
  listWorkspaces: {},
  listWorkspaceFiles: { path: '/api/webui/workspaces/shared/files' },
  readWorkspaceFile: { path: '/api/webui/workspaces/shared/content?path=a.txt' },
  archiveWorkspace: { path: '/api/webui/workspaces/shared/archive' },
  deleteWorkspaceFile: { path: '/api/webui/workspaces/shared/files?path=a.txt' },
  deleteWorkspace: { path: '/api/webui/workspaces/own' },
  listConversations: {},
  getConversation: { path: '/api/webui/conversations/conv_1' },
  deleteConversation: { path: '/api/webui/conversations/conv_1' },
  getStats: { path: '/api/webui/stats?from=1&to=2' },
  listViews: {},
  createView: { payload: { page: 'records', name: 'Failed', search: 'status=error' } },
  updateView: { path: '/api/webui/views/view_1', payload: { name: 'Failed' } },
  deleteView: { path: '/api/webui/views/view_1' },
  getHealth: {},
  getMetrics: {},
  getLogTail: {},
};

export const endpointNames = Object.keys(endpoints) as EndpointName[];

export const callers = ['nobody', 'viewer', 'admin', 'fresh'] as const;
export type Caller = (typeof callers)[number];

/** A right call by this caller, but for who it is. */
export function sampleCall(name: EndpointName, caller: Caller = 'admin'): InjectOptions {
  const { method, path }: Endpoint = endpoints[name];
  const { path: url = path, payload } = samples[name];
  if (name !== 'changePassword') return { method, url, ...(payload && { payload }) };
  return { method, url, payload: { ...payload, currentPassword: `${caller}-password` } };
}

/** The status that an endpoint answers a caller with, before whom nobody else was there. */
export async function statusFor(server: ConsoleServer, name: EndpointName, caller: Caller): Promise<number> {
  server.fake.reset();
  const browser = caller === 'nobody' ? server.nobody : await server.signIn(caller);
  return (await browser.ask(sampleCall(name, caller))).statusCode;
}

/** The status that the contract promises. */
export function promisedStatus({ access, response }: Endpoint, caller: Caller): number {
  const allowed = response === 'none' ? 204 : 200;
  if (access === 'public') return allowed;
  if (caller === 'nobody') return 401;
  if (access === 'session') return allowed;
  const { role, mustChangePassword } = people[caller];
  return mustChangePassword || (access === 'admin' && role !== 'admin') ? 403 : allowed;
}

/** One line a route: what each caller got. `fresh` is an admin who has to change the password first. */
export function formatAccessTable(statuses: ReadonlyMap<EndpointName, readonly number[]>): string {
  const lines = [...statuses].map(([name, row]) => {
    const { method, path, access }: Endpoint = endpoints[name];
    return formatRow([`${method} ${path}`, access satisfies Access, ...row.map(String)]);
  });
  return [formatRow(['route', 'access', ...callers]), ...lines].join('\n');
}

function formatRow([route = '', ...cells]: readonly string[]): string {
  return [route.padEnd(44), ...cells.map((cell) => cell.padEnd(8))].join('').trimEnd();
}

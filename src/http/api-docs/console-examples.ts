import type { BodyInputOf, EndpointName, Endpoints } from '../../contract/index.ts';

type WithBody = {
  [Name in EndpointName]: Endpoints[Name] extends { readonly body: unknown } ? Name : never;
}[EndpointName];

/** A body for each endpoint that takes one. */
export const consoleExamples: { readonly [Name in WithBody]: BodyInputOf<Endpoints[Name]> } = {
  signIn: { username: 'admin', password: 'the password of the first start' },
  confirmSignIn: { challenge: 'as POST /api/webui/session answered', code: '123456' },
  beginTwoFactor: { password: 'your password' },
  turnOnTwoFactor: { setup: 'as the set-up answered', code: '123456' },
  turnOffTwoFactor: { password: 'your password', code: '123456' },
  renewRecoveryCodes: { password: 'your password', code: '123456' },
  changePassword: {
    currentPassword: 'the password of the first start',
    newPassword: 'a long one of your own',
  },
  createUser: { username: 'ada', password: 'to be changed at sign-in', role: 'viewer' },
  updateUser: { role: 'admin', active: true },
  resetPassword: { password: 'to be changed at sign-in' },
  createKey: {
    name: 'Build server',
    owner: 'platform team',
    tags: ['ci'],
    limits: { requestsPerMinute: 60, concurrentRuns: 4, budgetUsdPerMonth: 100 },
    permissions: { profiles: ['model'], workspace: 'own' },
  },
  updateKey: { active: false },
  rotateKey: { graceSeconds: 3600 },
  putProfile: {
    description: 'Reads and explains, and changes nothing.',
    systemPrompt: { mode: 'append', text: 'Explain; do not edit.' },
    builtInTools: ['Read', 'Glob', 'Grep'],
    permissionMode: 'plan',
    maxTurns: 20,
  },
  answerApproval: { decision: 'deny', message: 'Use the staging server.' },
  rollBackRun: { dryRun: true },
  createShareLink: { life: '7d' },
  createView: { page: 'records', name: 'Failed today', search: 'status=error&range=24h' },
  updateView: { name: 'Failed in a week', search: 'status=error&range=7d' },
  updateSettings: { changes: { LOG_LEVEL: 'debug' } },
};

import type { AuditEntry } from '../../../../src/contract/index.ts';

/** What the server writes into the audit, and what to call it in a filter. */
export const auditActions = [
  ['user.signed_in', 'Signed in'],
  ['user.signed_out', 'Signed out'],
  ['user.sign_in_failed', 'Sign-in failed'],
  ['user.password_changed', 'Password changed'],
  ['user.password_reset', 'Password reset'],
  ['user.two_factor_on', 'Two-factor sign-in on'],
  ['user.two_factor_off', 'Two-factor sign-in off'],
  ['user.two_factor_reset', 'Two-factor sign-in reset'],
  ['user.recovery_code_used', 'Recovery code used'],
  ['user.recovery_codes_renewed', 'Recovery codes renewed'],
  ['user.created', 'User created'],
  ['user.updated', 'User changed'],
  ['user.deleted', 'User deleted'],
  ['session.revoked', 'Session ended'],
  ['key.created', 'Key created'],
  ['key.updated', 'Key changed'],
  ['key.rotated', 'Key rotated'],
  ['key.deleted', 'Key deleted'],
  ['key.spending_reset', 'Budget started anew'],
  ['key.budget_reached', 'Budget alert'],
  ['settings.changed', 'Setting changed'],
  ['settings.webhook_tested', 'Webhook tested'],
  ['profile.changed', 'Profile saved'],
  ['profile.deleted', 'Profile deleted'],
  ['profile.restored', 'Profile restored'],
  ['approval.answered', 'Approval answered'],
  ['run.stopped', 'Run stopped'],
  ['run.rolled_back', 'Run rolled back'],
  ['share.created', 'Public link made'],
  ['share.revoked', 'Public link revoked'],
  ['workspace.deleted', 'Workspace deleted'],
  ['workspace.file_deleted', 'File deleted'],
  ['conversation.deleted', 'Conversation deleted'],
  ['view.shared', 'View shared'],
  ['view.unshared', 'View no longer shared'],
] as const;

type Action = (typeof auditActions)[number][0];
type Sentence = (entry: AuditEntry) => string;

const sentences: Readonly<Record<Action, Sentence>> = {
  'user.signed_in': () => 'Signed in',
  'user.signed_out': () => 'Signed out',
  'user.sign_in_failed': ({ target, details }) =>
    `Failed to sign in as ${quoted(target)}${details['step'] === 'code' ? ' by a wrong code' : ''}`,
  'user.password_changed': () => 'Changed their own password',
  'user.password_reset': ({ target }) => `Reset the password of ${quoted(target)}`,
  'user.two_factor_on': () => 'Turned their two-factor sign-in on',
  'user.two_factor_off': () => 'Turned their two-factor sign-in off',
  'user.two_factor_reset': ({ target }) => `Reset the two-factor sign-in of ${quoted(target)}`,
  'user.recovery_code_used': ({ details }) =>
    `Signed in with a recovery code${typeof details['left'] === 'number' ? `, ${details['left']} left` : ''}`,
  'user.recovery_codes_renewed': () => 'Made new recovery codes',
  'user.created': ({ target, details }) => `Created the user ${quoted(target)}${roleOf(details)}`,
  'user.updated': ({ target, details }) => `Changed ${fieldsOf(details)} of the user ${quoted(target)}`,
  'user.deleted': ({ target }) => `Deleted the user ${quoted(target)}`,
  'session.revoked': ({ actor, target }) =>
    actor === target || target === null
      ? 'Ended one of their sessions'
      : `Ended a session of ${quoted(target)}`,
  'key.created': (entry) => `Created the key ${keyOf(entry)}`,
  'key.updated': (entry) => `Changed ${fieldsOf(entry.details)} of the key ${keyOf(entry)}`,
  'key.rotated': (entry) => `Rotated the key ${keyOf(entry)}`,
  'key.deleted': (entry) => `Deleted the key ${keyOf(entry)}`,
  'key.spending_reset': (entry) => `Started the budget of the key ${keyOf(entry)} anew`,
  'key.budget_reached': (entry) => {
    const { period, kind, percent } = entry.details;
    const budget = `${kind === 'soft' ? 'soft ' : ''}budget of the ${textOf(period, 'day')}`;
    return `Saw the key ${keyOf(entry)} pass ${shown(percent)} % of its ${budget}`;
  },
  'settings.changed': ({ target, details }) =>
    `Changed ${target ?? 'a setting'} from ${shown(details['before'])} to ${shown(details['after'])}`,
  'settings.webhook_tested': ({ details }) =>
    details['delivered'] === true ? 'Sent a test to the webhook' : 'Sent a test to the webhook in vain',
  'profile.changed': ({ target, details }) =>
    `${details['created'] === true ? 'Created' : 'Changed'} the profile ${quoted(target)}`,
  'profile.deleted': ({ target }) => `Deleted the profile ${quoted(target)}`,
  'profile.restored': ({ target }) => `Restored the profile ${quoted(target)} to what comes with the server`,
  'approval.answered': ({ details }) =>
    `${details['decision'] === 'deny' ? 'Denied' : 'Allowed'} ${textOf(details['tool'], 'a tool')}${
      details['decision'] === 'allow' || details['decision'] === 'deny'
        ? ''
        : ` (${shown(details['decision'])})`
    }`,
  'run.stopped': () => 'Stopped a run',
  'run.rolled_back': ({ details }) => `Rolled back ${countOf(details['files'], 'file')} of a run`,
  'share.created': ({ details }) => `Made a public link to a request, for ${lifeOf(details['life'])}`,
  'share.revoked': ({ details }) =>
    `Revoked a public link to a request, made by ${textOf(details['madeBy'], 'somebody')}`,
  'workspace.deleted': ({ target }) => `Deleted the workspace ${quoted(target)}`,
  'workspace.file_deleted': ({ details }) => `Deleted ${quoted(details['path'])} in a workspace`,
  'conversation.deleted': ({ details }) =>
    `Deleted a conversation with ${countOf(details['responses'], 'response')}`,
  'view.shared': ({ target, details }) =>
    `Shared the view ${quoted(target)} of ${textOf(details['page'], 'a page')}`,
  'view.unshared': ({ target, details }) =>
    `No longer shares the view ${quoted(target)} of ${textOf(details['page'], 'a page')}`,
};

/** What somebody did, as the rest of a sentence that begins with their name. */
export function describeEntry(entry: AuditEntry): string {
  const action = auditActions.find(([name]) => name === entry.action)?.[0];
  if (action !== undefined) return sentences[action](entry);
  const words = entry.action.replaceAll(/[._]/g, ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${entry.target === null ? '' : ` ${quoted(entry.target)}`}`;
}

/** Whether it deserves a second look. */
export function isWarning({ action }: AuditEntry): boolean {
  return action === 'user.sign_in_failed' || action === 'user.recovery_code_used';
}

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What was changed, where the details say so field by field; undefined where they are of another form. */
export function changesOf({ action, target, details }: AuditEntry): readonly FieldChange[] | undefined {
  if (action === 'settings.changed') {
    return [{ field: target ?? 'value', before: details['before'], after: details['after'] }];
  }
  const changes = Object.entries(details).flatMap(([field, value]) =>
    isChange(value) ? [{ field, before: value.before, after: value.after }] : [],
  );
  return changes.length > 0 && changes.length === Object.keys(details).length ? changes : undefined;
}

function isChange(value: unknown): value is { readonly before: unknown; readonly after: unknown } {
  return typeof value === 'object' && value !== null && 'before' in value && 'after' in value;
}

function keyOf({ target, details }: AuditEntry): string {
  const name = details['name'];
  return quoted(typeof name === 'string' && name !== '' ? name : target);
}

function fieldsOf(details: AuditEntry['details']): string {
  const names = Object.keys(details).map((name) => name.split('.').at(-1) ?? name);
  if (names.length === 0) return 'something';
  if (names.length > 3) return `${names.length} fields`;
  const words = names.map((name) => name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  return words.length === 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function roleOf(details: AuditEntry['details']): string {
  return typeof details['role'] === 'string' ? ` as ${details['role']}` : '';
}

function countOf(value: unknown, noun: string): string {
  if (typeof value !== 'number') return `the ${noun}s`;
  return value === 1 ? `1 ${noun}` : `${value} ${noun}s`;
}

const lives: Readonly<Record<string, string>> = {
  '1h': 'an hour',
  '1d': 'a day',
  '7d': '7 days',
  '30d': '30 days',
};

function lifeOf(value: unknown): string {
  return (typeof value === 'string' ? lives[value] : undefined) ?? 'a time';
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function quoted(value: unknown): string {
  return typeof value === 'string' && value !== '' ? `“${value}”` : 'of no name';
}

/** A value in a sentence. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

import type {
  ApiKey,
  KeyChange,
  KeyLimits,
  KeyPermissions,
  NewKey,
} from '../../../../../src/contract/index.ts';
import { readAmount } from './read-amount.ts';

type LimitName = keyof KeyLimits;

/** A key as it stands in a form: figures are text until they are saved. */
export interface KeyDraft {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly expiresAt: number | null;
  readonly limits: Readonly<Record<LimitName, string>>;
  readonly permissions: KeyPermissions;
}

export const limitNames = [
  'requestsPerMinute',
  'concurrentRuns',
  'tokensPerDay',
  'tokensPerMonth',
  'budgetUsdPerDay',
  'budgetUsdPerMonth',
  'softBudgetUsdPerDay',
  'softBudgetUsdPerMonth',
] as const satisfies readonly LimitName[];

export const emptyKeyDraft: KeyDraft = {
  name: '',
  description: '',
  owner: '',
  tags: [],
  expiresAt: null,
  limits: {
    requestsPerMinute: '',
    concurrentRuns: '',
    tokensPerDay: '',
    tokensPerMonth: '',
    budgetUsdPerDay: '',
    budgetUsdPerMonth: '',
    softBudgetUsdPerDay: '',
    softBudgetUsdPerMonth: '',
  },
  permissions: {
    models: null,
    profiles: null,
    builtInTools: null,
    permissionMode: null,
    workspace: 'own',
    defaultProfile: null,
  },
};

export function draftOfKey(key: ApiKey): KeyDraft {
  const { name, description, owner, tags, expiresAt, permissions } = key;
  const limits = { ...emptyKeyDraft.limits };
  for (const limit of limitNames) limits[limit] = writeLimit(key.limits[limit]);
  return { name, description, owner, tags, expiresAt, limits, permissions };
}

function writeLimit(value: number | null): string {
  return value === null ? '' : String(value);
}

const longestName = 200;
const mostTags = 20;
const longestTag = 50;

/** What is wrong with a draft, by the names that the server has for its fields. */
export function checkKeyDraft(draft: KeyDraft, now: number): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (draft.name.trim() === '') problems['name'] = 'Give the key a name.';
  if (draft.name.trim().length > longestName) problems['name'] = `Use at most ${longestName} characters.`;
  if (draft.tags.length > mostTags) problems['tags'] = `Use at most ${mostTags} tags.`;
  if (draft.tags.some((tag) => tag.length > longestTag))
    problems['tags'] = `Use at most ${longestTag} characters for a tag.`;
  if (draft.expiresAt !== null && draft.expiresAt <= now) problems['expiresAt'] = 'This lies in the past.';
  for (const limit of limitNames) {
    if (readLimit(limit, draft.limits[limit]) === undefined) {
      problems[`limits.${limit}`] = isMoney(limit)
        ? 'Give an amount above 0, or nothing for no limit.'
        : 'Give a whole number above 0, or nothing for no limit.';
    }
  }
  for (const [soft, hard] of softBudgets) {
    const [softUsd, hardUsd] = [readLimit(soft, draft.limits[soft]), readLimit(hard, draft.limits[hard])];
    if (softUsd != null && hardUsd != null && softUsd > hardUsd)
      problems[`limits.${soft}`] = 'It is above the budget, so it would never be reached.';
  }
  if (draft.permissions.workspace === 'directory:') problems['permissions.workspace'] = 'Name the directory.';
  return problems;
}

const softBudgets = [
  ['softBudgetUsdPerDay', 'budgetUsdPerDay'],
  ['softBudgetUsdPerMonth', 'budgetUsdPerMonth'],
] as const satisfies readonly (readonly [LimitName, LimitName])[];

/** @throws {RangeError} where `checkKeyDraft` finds something. */
export function newKeyOf(draft: KeyDraft): NewKey {
  const { name, description, owner, tags, expiresAt, permissions } = draft;
  return {
    name: name.trim(),
    description,
    owner: owner.trim(),
    tags: [...tags],
    expiresAt,
    limits: limitsOf(draft),
    permissions,
  };
}

/** Only what differs, so that what somebody else has changed meanwhile stays. */
export function keyChangeOf(before: ApiKey, draft: KeyDraft): KeyChange {
  const after = newKeyOf(draft);
  const limits = difference(before.limits, limitsOf(draft));
  const permissions = difference(before.permissions, draft.permissions);
  return {
    ...(after.name !== before.name && { name: after.name }),
    ...(after.description !== before.description && { description: after.description }),
    ...(after.owner !== before.owner && { owner: after.owner }),
    ...(JSON.stringify(after.tags) !== JSON.stringify(before.tags) && { tags: after.tags }),
    ...(after.expiresAt !== before.expiresAt && { expiresAt: after.expiresAt }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(permissions).length > 0 && { permissions }),
  };
}

/** Whether saving would change something. A draft that cannot be saved counts as changed. */
export function isKeyChanged(before: ApiKey, draft: KeyDraft): boolean {
  return JSON.stringify(draftOfKey(before)) !== JSON.stringify(draft);
}

function limitsOf(draft: KeyDraft): KeyLimits {
  const limits: Record<string, number | null> = {};
  for (const limit of limitNames) {
    const value = readLimit(limit, draft.limits[limit]);
    if (value === undefined) throw new RangeError(`'${draft.limits[limit]}' is no ${limit}.`);
    limits[limit] = value;
  }
  return { ...noLimits, ...limits };
}

const noLimits: KeyLimits = {
  requestsPerMinute: null,
  concurrentRuns: null,
  tokensPerDay: null,
  tokensPerMonth: null,
  budgetUsdPerDay: null,
  budgetUsdPerMonth: null,
  softBudgetUsdPerDay: null,
  softBudgetUsdPerMonth: null,
};

function readLimit(limit: LimitName, text: string): number | null | undefined {
  return readAmount(text, { whole: !isMoney(limit) });
}

export function isMoney(limit: LimitName): boolean {
  return /budget/i.test(limit);
}

function difference<Fields extends object>(before: Fields, after: Fields): Partial<Fields> {
  const changed = { ...after };
  for (const name of Object.keys(after) as (keyof Fields)[]) {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) delete changed[name];
  }
  return changed;
}

import { readAmount } from '../keys/form/read-amount.ts';
import type { ProfileDraft } from './profile-draft.ts';
import { specOfDraft } from './profile-draft.ts';

/**
 * What is wrong with a draft, by the server's names for the fields. The contract's own schema has the last word; it is loaded
 * only when something is to be saved.
 */
export async function checkProfile(draft: ProfileDraft): Promise<Readonly<Record<string, string>>> {
  const own = checkNamesAndFigures(draft);
  if (Object.keys(own).length > 0) return own;
  const { profileSpec } = await import('./profile-schema.ts');
  const checked = profileSpec.safeParse(specOfDraft(draft));
  if (checked.success) return {};
  const problems: Record<string, string> = {};
  for (const issue of checked.error.issues) problems[writePath(issue.path)] ??= sentence(issue.message);
  return problems;
}

function checkNamesAndFigures(draft: ProfileDraft): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (readAmount(draft.maxTurns, { whole: true }) === undefined) {
    problems['maxTurns'] = 'Give a whole number above 0, or nothing.';
  }
  if (readAmount(draft.maxBudgetUsd, { whole: false }) === undefined) {
    problems['maxBudgetUsd'] = 'Give an amount above 0, or nothing.';
  }
  checkNames('mcpServers', draft.servers, problems);
  checkNames('subagents', draft.subagents, problems);
  return problems;
}

function checkNames(
  field: string,
  items: readonly { readonly name: string }[],
  problems: Record<string, string>,
): void {
  const seen = new Set<string>();
  for (const { name } of items) {
    const trimmed = name.trim();
    if (trimmed === '') problems[`${field}.${name}`] = 'Give it a name.';
    else if (seen.has(trimmed)) problems[`${field}.${name}`] = `There are two with the name “${trimmed}”.`;
    seen.add(trimmed);
  }
}

/** As the server writes it: `network[2]`, `mcpServers.search.url`. */
function writePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}

/** The message for a field, or for something within it. */
export function problemAt(problems: Readonly<Record<string, string>>, param: string): string | undefined {
  return Object.entries(problems).find(
    ([path]) => path === param || path.startsWith(`${param}.`) || path.startsWith(`${param}[`),
  )?.[1];
}

import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';

/** One flat row for each key. Secrets are not known here at all. */
export function exportKeys(keys: readonly ApiKeyWithUsage[]): readonly Readonly<Record<string, unknown>>[] {
  return keys.map((key) => ({
    id: key.id,
    name: key.name,
    owner: key.owner,
    tags: key.tags.join(', '),
    description: key.description,
    prefix: key.prefix,
    state: key.state,
    created_at: iso(key.createdAt),
    created_by: key.createdBy,
    expires_at: iso(key.expiresAt),
    last_used_at: iso(key.lastUsedAt),
    rotated_at: iso(key.rotatedAt),
    requests_per_minute: key.limits.requestsPerMinute,
    concurrent_runs: key.limits.concurrentRuns,
    tokens_per_day: key.limits.tokensPerDay,
    tokens_per_month: key.limits.tokensPerMonth,
    budget_usd_per_day: key.limits.budgetUsdPerDay,
    budget_usd_per_month: key.limits.budgetUsdPerMonth,
    soft_budget_usd_per_day: key.limits.softBudgetUsdPerDay,
    soft_budget_usd_per_month: key.limits.softBudgetUsdPerMonth,
    models: list(key.permissions.models),
    profiles: list(key.permissions.profiles),
    built_in_tools: list(key.permissions.builtInTools),
    permission_mode: key.permissions.permissionMode,
    workspace: key.permissions.workspace,
    default_profile: key.permissions.defaultProfile,
    requests_today: key.usage.requestsToday,
    requests_this_month: key.usage.requestsThisMonth,
    tokens_today: key.usage.tokensToday,
    tokens_this_month: key.usage.tokensThisMonth,
    cost_usd_today: key.usage.costUsdToday,
    cost_usd_this_month: key.usage.costUsdThisMonth,
  }));
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** Null: all of them. */
function list(names: readonly string[] | null): string {
  return names === null ? 'all' : names.join(' ');
}

type Variables = Readonly<Record<string, string>>;

/** The lean mode takes these credentials only: never an OAuth token or the machine's login. */
export function hasKeyOrCloud(variables: Variables): boolean {
  return Object.entries(variables).some(
    ([name, value]) => value !== '' && (name === 'ANTHROPIC_API_KEY' || name.startsWith('CLAUDE_CODE_USE_')),
  );
}

/**
 * True where what a process took can be asked of it at any time. With a subscription each question would also ask
 * upstream how much of the plan is left.
 */
export function isPaidPerUse(variables: Variables): boolean {
  return hasKeyOrCloud(variables) || (variables['ANTHROPIC_AUTH_TOKEN'] ?? '') !== '';
}

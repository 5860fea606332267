/** Variables that give Claude Code a credential, in the order in which it prefers them. */
const credentialVariables = [
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_API_KEY',
  'CLAUDE_CODE_OAUTH_TOKEN',
] as const;

export type CredentialVariable = (typeof credentialVariables)[number];

/**
 * The variable through which the environment gives Claude Code a credential, or undefined where it gives none
 * (the machine's own Claude Code login may still be there). A cloud provider's own credentials are not looked at.
 */
export function hasCredentialInEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): CredentialVariable | undefined {
  return credentialVariables.find((name) =>
    name.startsWith('CLAUDE_CODE_USE_') ? isOn(env[name]) : Boolean(env[name]?.trim()),
  );
}

/** Whether Claude Code takes a switch of this value as on. */
export function isOn(value: string | undefined): boolean {
  return ['1', 'true', 'yes', 'on'].includes(value?.trim().toLowerCase() ?? '');
}

import { expect, test } from 'vitest';
import { hasKeyOrCloud, isPaidPerUse } from './credential-kind.ts';

test.each<[Record<string, string>, boolean, boolean]>([
  [{}, false, false],
  [{ ANTHROPIC_API_KEY: 'sk-ant' }, true, true],
  [{ ANTHROPIC_API_KEY: '' }, false, false],
  [{ CLAUDE_CODE_USE_BEDROCK: '1' }, true, true],
  [{ ANTHROPIC_AUTH_TOKEN: 'of a gateway' }, false, true],
  [{ CLAUDE_CODE_OAUTH_TOKEN: 'of a subscription' }, false, false],
])('%j is a key or a cloud: %s, and paid per use: %s', (variables, keyOrCloud, paidPerUse) => {
  expect(hasKeyOrCloud(variables)).toBe(keyOrCloud);
  expect(isPaidPerUse(variables)).toBe(paidPerUse);
});

import type { CanUseTool } from '@anthropic-ai/claude-agent-sdk';
import { canonicalJson, type JsonObject } from '../../turn/index.ts';

/** Their tools do too different things under one name. */
const shells: ReadonlySet<string> = new Set(['Bash', 'PowerShell']);

/**
 * What is allowed with a call that is allowed for the whole run: another call whose scope lies within is not asked about.
 * Claude Code's own suggestion counts, one rule for each part of a command. Without one it is the tool; but of a shell, and
 * where a particular of the call made it ask, just this call.
 */
export function grantScope(
  name: string,
  input: JsonObject,
  asked: Pick<
    Parameters<CanUseTool>[2],
    'suggestions' | 'decisionReason' | 'blockedPath' | 'suppressAlwaysAllowRule'
  >,
): readonly string[] {
  const justThis = [`${name} ${canonicalJson(input)}`];
  if (asked.suppressAlwaysAllowRule === true) return justThis;
  // The other suggestions change the mode, or open directories: more than was asked.
  const rules = (asked.suggestions ?? [])
    .flatMap((one) => (one.type === 'addRules' && one.behavior === 'allow' ? one.rules : []))
    .map(({ toolName, ruleContent }) => `${toolName}(${ruleContent ?? ''})`);
  if (rules.length > 0) return rules;
  return shells.has(name) || asked.decisionReason !== undefined || asked.blockedPath !== undefined
    ? justThis
    : [name];
}

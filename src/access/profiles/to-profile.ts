import type { ProfileSpec } from '../../contract/index.ts';
import type { Profile, Subagent } from '../../turn/index.ts';

/** What the engine is told of a profile: what the operator leaves open is absent. */
export function toProfile(name: string, spec: ProfileSpec): Profile {
  const { systemPrompt, builtInTools, workspace, skills, mcpServers, subagents } = spec;
  const { model, smallModel, effort, permissionMode, maxTurns, maxBudgetUsd, network, files } = spec;
  return {
    name,
    systemPrompt: systemPrompt.mode === 'append' ? 'claude-code' : 'client',
    ...(systemPrompt.text !== '' && { systemText: systemPrompt.text }),
    builtInTools,
    workspace,
    ...(model !== null && { model }),
    ...(smallModel !== null && { smallModel }),
    ...(effort !== null && { effort }),
    ...(permissionMode !== null && { permissionMode }),
    ...(Object.keys(mcpServers).length > 0 && { mcpServers }),
    ...(skills !== 'none' && skills.length > 0 && { skills }),
    ...(Object.keys(subagents).length > 0 && { subagents: mapValues(subagents, toSubagent) }),
    ...(maxTurns !== null && { maxTurns }),
    ...(maxBudgetUsd !== null && { maxBudgetUsd }),
    ...(network !== 'all' && { network }),
    ...(files !== null && { files }),
  };
}

function toSubagent({ description, prompt, tools, model }: ProfileSpec['subagents'][string]): Subagent {
  return { description, prompt, ...(tools !== null && { tools }), ...(model !== null && { model }) };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { profileSpec } from '../../contract/index.ts';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { defaultSpecs } from './default-specs.ts';
import { toProfile } from './to-profile.ts';

test('the profiles that come with the server are those that the engine knows', () => {
  expect(toProfile('agent', defaultSpecs.agent)).toStrictEqual(agentProfile);
  expect(toProfile('model', defaultSpecs.model)).toStrictEqual(modelProfile);
});

test('everything that is said reaches the engine', () => {
  const spec = profileSpec.parse({
    model: 'opus',
    smallModel: 'haiku',
    effort: 'none',
    systemPrompt: { mode: 'replace', text: 'Be brief.' },
    builtInTools: ['Read'],
    permissionMode: 'plan',
    mcpServers: {
      search: { type: 'http', url: 'https://search.example/mcp', headers: { authorization: 'x' } },
      local: { type: 'stdio', command: 'node', args: ['server.js'], env: { TOKEN: 'y' } },
    },
    skills: ['pdf'],
    subagents: {
      reviewer: { description: 'reviews', prompt: 'Review.', tools: ['Read'], model: 'haiku' },
      helper: { description: 'helps', prompt: 'Help.' },
    },
    maxTurns: 5,
    maxBudgetUsd: 0.5,
    workspace: 'conversation',
    files: 'links',
    network: ['example.com', '*.example.org'],
  });
  expect(toProfile('own', spec)).toStrictEqual({
    name: 'own',
    systemPrompt: 'client',
    systemText: 'Be brief.',
    builtInTools: ['Read'],
    workspace: 'conversation',
    files: 'links',
    model: 'opus',
    smallModel: 'haiku',
    effort: 'none',
    permissionMode: 'plan',
    mcpServers: spec.mcpServers,
    skills: ['pdf'],
    subagents: {
      reviewer: { description: 'reviews', prompt: 'Review.', tools: ['Read'], model: 'haiku' },
      helper: { description: 'helps', prompt: 'Help.' },
    },
    maxTurns: 5,
    maxBudgetUsd: 0.5,
    network: ['example.com', '*.example.org'],
  });
});

test('what is left open is absent: no field of a profile is null, undefined or an empty list of nothing', () => {
  const orNull = <Value>(value: Value) => fc.constantFrom(value, null);
  const spec = fc
    .record({
      model: orNull('opus'),
      smallModel: orNull('haiku'),
      effort: orNull('low'),
      permissionMode: orNull('plan'),
      maxTurns: orNull(3),
      maxBudgetUsd: orNull(1),
      skills: fc.constantFrom('all', 'none', [], ['pdf']),
      systemPrompt: fc.record({
        mode: fc.constantFrom('append', 'replace'),
        text: fc.constantFrom('', 'Be brief.'),
      }),
    })
    .map((fields) => profileSpec.parse(fields));
  fc.assert(
    fc.property(spec, (one) => {
      const profile = toProfile('own', one);
      for (const value of Object.values(profile)) expect(value ?? null).not.toBeNull();
      expect(profile.model ?? null).toBe(one.model);
      expect(profile.effort ?? null).toBe(one.effort);
      expect(profile.maxTurns ?? null).toBe(one.maxTurns);
      expect(profile.systemText ?? '').toBe(one.systemPrompt.text);
      expect(profile.skills ?? []).toEqual(one.skills === 'none' ? [] : one.skills);
      expect(profile).not.toHaveProperty('mcpServers');
      expect(profile).not.toHaveProperty('subagents');
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { profile as profileSchema } from '../../../../src/contract/index.ts';
import { checkProfile, problemAt } from './check-profile.ts';
import {
  copyOfDraft,
  draftOfProfile,
  emptyProfileDraft,
  emptyServer,
  isProfileChanged,
  specOfDraft,
} from './profile-draft.ts';

const profile = profileSchema.parse({
  name: 'reviewer',
  origin: 'own',
  updatedAt: 1,
  updatedBy: 'admin',
  description: 'Reviews',
  model: 'opus',
  systemPrompt: { mode: 'append', text: 'Be short.' },
  builtInTools: ['Read'],
  mcpServers: {
    search: {
      type: 'http',
      url: 'https://example.com/mcp?key=***',
      headers: { authorization: '***', accept: 'json' },
    },
    local: { type: 'stdio', command: 'npx', args: ['-y', 'a server'], env: { TOKEN: '***' } },
  },
  subagents: { tester: { description: 'Tests', prompt: 'Test.', tools: ['Read'], model: 'haiku' } },
  maxTurns: 20,
  maxBudgetUsd: 1.5,
  network: ['*.example.com'],
});

describe('a profile in a form', () => {
  it('comes out as it went in, with masked secrets as they are', async () => {
    const { name: _name, origin: _origin, updatedAt: _at, updatedBy: _by, ...spec } = profile;
    const draft = draftOfProfile(profile);
    expect(specOfDraft(draft)).toEqual(spec);
    expect(isProfileChanged(draft, draftOfProfile(profile))).toBe(false);
    expect(await checkProfile(draft)).toEqual({});
  });

  it('is changed by a figure that is none', () => {
    const draft = draftOfProfile(profile);
    expect(isProfileChanged(draft, { ...draft, maxTurns: 'many' })).toBe(true);
  });

  it('loses its secrets in a copy', () => {
    const { mcpServers } = specOfDraft(copyOfDraft(draftOfProfile(profile)));
    expect(mcpServers['search']).toMatchObject({
      url: 'https://example.com/mcp?key=',
      headers: { authorization: '', accept: 'json' },
    });
    expect(mcpServers['local']).toMatchObject({ env: { TOKEN: '' } });
  });

  it('is checked for names and figures', async () => {
    const server = { ...emptyServer, url: 'https://a.example' };
    const problems = await checkProfile({
      ...emptyProfileDraft,
      maxTurns: '1.5',
      maxBudgetUsd: 'much',
      servers: [
        { ...server, id: '1', name: 'a' },
        { ...server, id: '2', name: 'a' },
        { ...server, id: '3', name: ' ' },
      ],
    });
    expect(Object.keys(problems).sort()).toEqual([
      'maxBudgetUsd',
      'maxTurns',
      'mcpServers. ',
      'mcpServers.a',
    ]);
  });

  it('is checked by the contract, with the names of its fields', async () => {
    const problems = await checkProfile({
      ...emptyProfileDraft,
      network: ['fine.example', 'not a host'],
      servers: [{ ...emptyServer, id: '1', name: 'search', url: 'nowhere' }],
    });
    expect(problems['network[1]']).toMatch(/host name/);
    expect(problemAt(problems, 'network')).toMatch(/host name/);
    expect(problemAt(problems, 'mcpServers.search')).toBeDefined();
    expect(problemAt(problems, 'mcpServers.sea')).toBeUndefined();
  });
});

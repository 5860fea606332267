import { beforeEach, describe, expect, test } from 'vitest';
import { profileSpec } from '../../contract/index.ts';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { scriptedSeal } from '../testing/scripted-seal.ts';
import { Profiles } from './profiles.ts';

let parts: ReturnType<typeof createAccessParts>;
let profiles: Profiles;
beforeEach(() => {
  parts = createAccessParts();
  profiles = open();
});

const open = (seal = scriptedSeal()) => new Profiles({ ...parts, store: parts.profiles, seal });
const spec = (fields: object = {}) => profileSpec.parse(fields);
const put = (name: string, fields: object = {}, by = profiles) => by.put(name, spec(fields), admin);

describe('administration', () => {
  test('shows the profiles that come with the server, unchanged', async () => {
    const list = await profiles.list();
    expect(list.map(({ name, origin, updatedAt }) => [name, origin, updatedAt])).toEqual([
      ['agent', 'default', null],
      ['model', 'default', null],
    ]);
    expect(await profiles.current()).toStrictEqual({ agent: agentProfile, model: modelProfile });
  });

  test('makes, changes and removes a profile, which holds at once', async () => {
    const made = await put('reviewer', { model: 'opus', maxTurns: 3 });
    expect(made).toMatchObject({ name: 'reviewer', origin: 'own', model: 'opus', updatedBy: 'ada' });
    expect(await profiles.get('reviewer')).toEqual(made);
    expect((await profiles.current())['reviewer']).toMatchObject({ model: 'opus', maxTurns: 3 });
    await put('reviewer', { model: 'haiku' });
    expect((await profiles.current())['reviewer']).toMatchObject({ model: 'haiku' });
    await profiles.remove('reviewer', admin);
    expect(await profiles.current()).not.toHaveProperty('reviewer');
    await expect(profiles.get('reviewer')).rejects.toMatchObject({ code: 'not_found' });
    await expect(profiles.remove('reviewer', admin)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('changes a profile that comes with the server, and brings it back', async () => {
    await put('agent', { builtInTools: ['Read'] });
    expect((await profiles.list())[0]).toMatchObject({ name: 'agent', origin: 'changed' });
    expect((await profiles.current()).agent.builtInTools).toEqual(['Read']);
    await profiles.remove('agent', admin);
    expect(await profiles.get('agent')).toMatchObject({ origin: 'default', builtInTools: 'all' });
    expect((await profiles.current()).agent).toStrictEqual(agentProfile);
    await profiles.remove('agent', admin);
  });

  test.each(['none', 'a/b', 'Agent', '', '__proto__', '../x'])('refuses the name %j', async (name) => {
    await expect(put(name)).rejects.toMatchObject({ code: 'invalid', param: 'name' });
    expect(await parts.profiles.list()).toEqual([]);
  });

  test('takes names that every object has for names like any other', async () => {
    await expect(profiles.get('constructor')).rejects.toMatchObject({ code: 'not_found' });
    await put('constructor', { model: 'opus' });
    expect((await profiles.current())['constructor']).toMatchObject({ model: 'opus' });
  });

  test('is audited by what changed, without the values', async () => {
    await put('own', { systemPrompt: { mode: 'append', text: 'long' } });
    await put('own', { systemPrompt: { mode: 'append', text: 'longer' }, model: 'opus' });
    await put('agent', { maxTurns: 2, description: (await profiles.get('agent')).description });
    await profiles.remove('agent', admin);
    await profiles.remove('own', admin);
    expect(parts.entries.entries.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'profile.changed own',
      'profile.changed own',
      'profile.changed agent',
      'profile.restored agent',
      'profile.deleted own',
    ]);
    expect(parts.entries.entries[1]?.details).toEqual({ created: false, changed: ['model', 'systemPrompt'] });
    expect(parts.entries.entries[2]?.details).toEqual({ created: true, changed: ['maxTurns'] });
  });
});

describe('secret values', () => {
  const search = (authorization: string, url = 'https://search.example/mcp') => ({
    mcpServers: { search: { type: 'http', url, headers: { authorization } } },
  });
  const local = (TOKEN: string, args: string[] = []) => ({
    mcpServers: { local: { type: 'stdio', command: 'node', args, env: { TOKEN } } },
  });
  const headersNow = async () => (await profiles.current())['own']?.mcpServers?.['search'];

  test('are sealed at rest, masked when shown and open for the engine', async () => {
    const shown = await put('own', search('Bearer hush'));
    expect(JSON.stringify(await parts.profiles.list())).toContain('sealed by a: Bearer hush');
    for (const one of [shown, await profiles.get('own'), (await profiles.list())[2]]) {
      expect(one?.mcpServers['search']).toMatchObject({ headers: { authorization: '***' } });
    }
    expect(await headersNow()).toMatchObject({ headers: { authorization: 'Bearer hush' } });
    expect(JSON.stringify(parts.entries.entries)).not.toContain('hush');
  });

  test('stay what they are where they come back masked', async () => {
    await put('own', search('Bearer hush'));
    const { name: _n, origin: _o, updatedAt: _t, updatedBy: _b, ...shown } = await profiles.get('own');
    await put('own', { ...shown, model: 'opus' });
    expect(await headersNow()).toMatchObject({ headers: { authorization: 'Bearer hush' } });
    await put('own', search('***', 'https://search.example/other-path'));
    expect(await headersNow()).toMatchObject({ headers: { authorization: 'Bearer hush' } });
    await put('own', search('Bearer new'));
    expect(await headersNow()).toMatchObject({ headers: { authorization: 'Bearer new' } });
  });

  test('that are masked are refused where there is none yet', async () => {
    for (const fields of [search('***'), local('***')]) {
      await expect(put('own', fields)).rejects.toMatchObject({ code: 'invalid' });
    }
    await put('own', search('Bearer hush'));
    const other = {
      mcpServers: { search: { ...search('x').mcpServers.search, headers: { cookie: '***' } } },
    };
    await expect(put('own', other)).rejects.toMatchObject({ param: 'mcpServers.search.headers.cookie' });
  });

  test('cannot be sent to somebody else by a masked value', async () => {
    await put('own', search('Bearer hush'));
    await expect(put('own', search('***', 'https://evil.example/mcp'))).rejects.toMatchObject({
      code: 'invalid',
      param: 'mcpServers.search.headers.authorization',
    });
    await put('own', local('hush', ['server.js']));
    await expect(put('own', local('***', ['print-environment.js']))).rejects.toMatchObject({
      code: 'invalid',
    });
    await put('own', local('***', ['server.js']));
  });

  test('in the query of a URL are kept as those of headers are', async () => {
    const url = 'https://search.example/mcp?key=hush&key=two%20words';
    const shown = await put('own', search('Bearer x', url));
    const stored = JSON.stringify(await parts.profiles.list());
    expect(stored).not.toContain('=hush');
    expect(shown.mcpServers['search']).toMatchObject({ url: 'https://search.example/mcp?key=***&key=***' });
    await put('own', search('***', 'https://search.example/other?key=***&key=new'));
    expect(await headersNow()).toMatchObject({ url: 'https://search.example/other?key=hush&key=new' });
    await expect(put('own', search('y', 'https://evil.example/?key=***'))).rejects.toMatchObject({
      param: 'mcpServers.search.url',
    });
    expect((await open(scriptedSeal('b')).current())['own']?.mcpServers?.['search']).toMatchObject({
      url: 'https://search.example/other',
    });
  });

  test('cannot be read by sending what is stored', async () => {
    await put('own', search('sealed by a: Bearer hush'));
    expect(await headersNow()).toMatchObject({ headers: { authorization: 'sealed by a: Bearer hush' } });
  });

  test('that were sealed with another secret are left out and reported', async () => {
    await put('own', search('Bearer hush'));
    const other = open(scriptedSeal('b'));
    expect((await other.current())['own']?.mcpServers?.['search']).toMatchObject({ headers: {} });
    expect(parts.problems).toEqual([
      "the value of 'mcpServers.search.headers.authorization' of the profile 'own' cannot be read",
    ]);
  });
});

describe('what another server changes', () => {
  test('is current within a second, looked for once a second at most', async () => {
    const other = open();
    await profiles.current();
    let looks = 0;
    const version = parts.profiles.version.bind(parts.profiles);
    parts.profiles.version = async () => {
      looks += 1;
      return version();
    };
    await put('own', {}, other);
    looks = 0;
    for (let ask = 0; ask < 10; ask += 1) await profiles.current();
    expect(looks).toBe(0);
    parts.clock.advance(1000);
    const asked = await Promise.all(Array.from({ length: 10 }, () => profiles.current()));
    for (const current of asked) expect(current).toHaveProperty('own');
    expect(looks).toBe(1);
  });

  test('is the same object while nothing changes', async () => {
    const before = await profiles.current();
    parts.clock.advance(5000);
    expect(await profiles.current()).toBe(before);
    await put('own');
    expect(await profiles.current()).not.toBe(before);
  });

  test('is told by name, as is what this server changes', async () => {
    const told: (readonly string[])[] = [];
    await profiles.current();
    profiles.onChange((names) => told.push(names));
    const other = open();
    await put('one', {}, other);
    await put('two', {}, other);
    parts.clock.advance(1000);
    await profiles.current();
    await profiles.current();
    await put('two', { model: 'opus' });
    await profiles.remove('one', admin);
    expect(told).toEqual([['one', 'two'], ['two'], ['one']]);
  });

  test('does not come back by a look that began before a change of this server and ended after it', async () => {
    await put('own', { model: 'opus' });
    parts.clock.advance(1000);
    const list = parts.profiles.list.bind(parts.profiles);
    const old = await list();
    await put('other', {}, open());
    let answer = (_: typeof old): void => {};
    const asked = new Promise<void>((reached) => {
      parts.profiles.list = () => {
        parts.profiles.list = list;
        reached();
        return new Promise((resolve) => {
          answer = resolve;
        });
      };
    });
    const slow = profiles.current();
    await asked;
    await put('own', { model: 'haiku' });
    answer(old);
    await slow;
    expect((await profiles.current())['own']?.model).toBe('haiku');
  });
});

describe('without a database', () => {
  const fail = () => {
    parts.profiles.version = async () => {
      throw new Error('no database');
    };
  };

  test('the last known profiles stay, and it is reported', async () => {
    await put('agent', { builtInTools: ['Read'] });
    fail();
    parts.clock.advance(1000);
    expect((await profiles.current()).agent.builtInTools).toEqual(['Read']);
    expect(parts.problems).toEqual(['the profiles could not be read again; the last known stay']);
  });

  test('nothing is offered that an admin may have restricted', async () => {
    const version = parts.profiles.version.bind(parts.profiles);
    fail();
    await expect(profiles.current()).rejects.toThrow('no database');
    await expect(profiles.current()).rejects.toThrow('no database');
    parts.profiles.version = version;
    expect(await profiles.current()).toHaveProperty('agent');
  });
});

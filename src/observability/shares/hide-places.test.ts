import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHidePlaces } from './hide-places.ts';

const hash = '0123456789abcdef01234567';
const hide = createHidePlaces({
  workspaceRoots: ['/srv/agents/', '/mnt/real/agents'],
  serverDirectories: ['/home/claude', '/var/lib/server', '/'],
});

test.each([
  ['/srv/agents/notes.md', './notes.md'],
  [`/srv/agents/owner-${hash}/src/a.ts`, './src/a.ts'],
  [`cd /srv/agents/conversation-${hash} && ls`, 'cd ./ && ls'],
  [`cd "/mnt/real/agents/container-${hash}//x"`, 'cd "./x"'],
  ['/srv/agents/directory-website/index.html', './index.html'],
  ['In /srv/agents.', 'In ./.'],
  ['file:///srv/agents/a.txt', 'file:./a.txt'],
  [String.raw`{"a":"x\n/srv/agents/b"}`, String.raw`{"a":"x\n./b"}`],
  // Other directories keep their names.
  ['/srv/agents-2/a /srv/agentsmith', '/srv/agents-2/a /srv/agentsmith'],
  ['/srv/agents/container-app/a', './container-app/a'],
  ['/home/claude/.npm and /home/claudette', '[server]/.npm and /home/claudette'],
  [
    `/home/claude/.claude/projects/-srv-agents-owner-${hash}/x.jsonl`,
    '[server]/.claude/projects/-workspace/x.jsonl',
  ],
  [`basename is owner-${hash}`, 'basename is workspace'],
  ['[a.png](https://api.example:8443/v1/files/file_1/content?token=abc) here', '[a.png](#) here'],
  ['/usr/bin/env', '/usr/bin/env'],
])('%s', (text, shown) => {
  expect(hide(text)).toBe(shown);
});

test('no text tells where a workspace lies', () => {
  const path = fc.constantFrom(
    '/srv/agents',
    '/srv/agents/',
    `/srv/agents/owner-${hash}`,
    '/mnt/real/agents/a',
  );
  const around = fc.string({ unit: fc.constantFrom('/', ' ', '.', '"', '\\', '\n', 'é', ':', '=') });
  fc.assert(
    fc.property(fc.array(fc.tuple(around, path), { maxLength: 5 }), around, (parts, last) => {
      const shown = hide(parts.flat().join('') + last);
      expect(shown).not.toMatch(/\/srv\/agents|\/real\/agents|[0-9a-f]{24}/);
    }),
  );
});

import { expect, test } from 'vitest';
import { commandsOf, findWithheld } from './shell-commands.ts';

test('commands are told apart, with their quotes and continuations', () => {
  const script = `# a comment
npm ci && npm start   # another
curl -d '{
  "a": "b && c"
}' \\
  http://x # y
echo "it's # no comment"
`;
  expect(commandsOf(script)).toEqual([
    'npm ci',
    'npm start',
    `curl -d '{\n  "a": "b && c"\n}'    http://x`,
    `echo "it's # no comment"`,
  ]);
});

test('what is not run says why, and whether it is there', () => {
  expect(findWithheld('npm ci')).toMatchObject({ problem: undefined });
  expect(findWithheld('PORT=0 npm run bench')).toMatchObject({ problem: undefined });
  expect(findWithheld('npm run nothing')).toMatchObject({ problem: 'package.json has no script nothing' });
  expect(findWithheld('curl http://127.0.0.1:3000/health')).toBeUndefined();
  expect(findWithheld('claudecode-api doctor')).toBeUndefined();
});

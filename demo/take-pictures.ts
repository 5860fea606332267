// Takes the pictures of docs/console: every page, light and dark, on a desktop and on a phone. `npm run pictures`
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launchBrowser, openConsole } from '../test/support/browser.ts';
import { startFurnishedServer } from '../test/support/furnished-server.ts';

const directory = path.resolve('docs/console');
await mkdir(directory, { recursive: true });
await using server = await startFurnishedServer();
const held = await server.holdRun();
const waiting = server.askForApproval('rm -r node_modules && npm install').catch(() => {});
const browser = await launchBrowser();

const [keys, workspaces, conversations, runs] = await Promise.all([
  server.console.call('listKeys'),
  server.console.call('listWorkspaces'),
  server.console.call('listConversations', { query: {} }),
  server.console.call('listRuns'),
]);
const website = keys.items.find(({ name }) => name === 'website')?.id;
const workspace = workspaces.items.find(({ keyId }) => keyId === website)?.id;
const pages = {
  dashboard: '/',
  runs: '/runs',
  'run-live': `/runs/${runs.items[0]?.id}`,
  run: `/records/${server.runId}`,
  records: '/records',
  approvals: '/approvals',
  playground: '/playground',
  conversations: '/conversations',
  conversation: `/conversations/${conversations.items[0]?.id}`,
  workspaces: '/workspaces',
  workspace: `/workspaces/${workspace}`,
  keys: '/keys',
  key: `/keys/${website}`,
  profiles: '/profiles',
  profile: '/profiles/careful',
  users: '/users',
  settings: '/settings',
  health: '/health',
  logs: '/logs',
  audit: '/audit',
  account: '/account',
};
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };

for (const colorScheme of ['light', 'dark'] as const)
  for (const [size, viewport] of Object.entries(sizes)) {
    await using tab = await openConsole(browser, server.origin, { colorScheme, viewport });
    const take = async (name: string): Promise<void> => {
      // Whatever is still on its way: pictures are of pages at rest.
      await tab.page.waitForTimeout(1200);
      await tab.page.screenshot({ path: path.join(directory, `${name}-${size}-${colorScheme}.png`) });
    };
    await tab.page.goto('/webui');
    await take('sign-in');
    await tab.signIn(server.admin);
    for (const [name, to] of Object.entries(pages)) {
      await tab.open(to);
      await take(name);
    }
    for (const problem of tab.problems) console.error(problem);
  }
await browser.close();
held.release();
for (const { id } of (await server.console.call('listApprovals')).items)
  await server.console.call('answerApproval', { params: { id }, body: { decision: 'deny' } });
await Promise.all([held.ended, waiting]);

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { startMcpServer, type TestMcpServer } from '../support/mcp-server.ts';
import { admin, type StaffedServer, startStaffedServer, viewer } from '../support/staffed-server.ts';
import { say, text } from '../support/upstream.ts';

let mcp: TestMcpServer;
let server: StaffedServer;
let browser: Browser;

beforeAll(async () => {
  const env = { OPENAI_API_KEY_REQUIRED: 'true', RECORD_DETAIL: 'full' };
  [server, mcp, browser] = await Promise.all([
    startStaffedServer({ env }),
    startMcpServer(),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([server[Symbol.asyncDispose](), mcp[Symbol.asyncDispose]()]);
});

test('a profile is made with an MCP server, changed without its secret, and tried out', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(admin);
  await tab.open('/profiles');
  await page.getByRole('link', { name: /^model/ }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('link', { name: 'New profile' }).click();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const create = page.getByRole('button', { name: 'Create profile' });
  await name.fill('Not a name');
  await create.click();
  await page.getByText('This cannot be a name.').waitFor();
  await name.and(page.locator('[aria-invalid=true]:focus')).waitFor();
  await name.fill('agent');
  await create.click();
  await page.getByText('There is a profile of this name already.').waitFor();
  await name.fill('librarian');
  await page.getByRole('textbox', { name: 'Description' }).fill('Knows where things are.');
  await page.getByRole('textbox', { name: 'Text of the system prompt' }).fill('You keep a library.');
  await page.getByRole('textbox', { name: 'Most turns' }).fill('many');
  const tools = page.getByRole('group', { name: 'Built-in tools', exact: true });
  await tools.getByRole('button', { name: 'Only these' }).click();
  await page.getByRole('combobox', { name: 'Built-in tools: list' }).fill('Read');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Add MCP server' }).click();
  await page.getByRole('textbox', { name: 'Name of the server' }).fill('shelves');
  const url = page.getByRole('textbox', { name: 'URL' });
  await url.fill('shelves');
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByRole('textbox', { name: 'Name of the header' }).fill('Authorization');
  const value = page.getByRole('textbox', { name: 'Value of Authorization' });
  await value.fill('Bearer of the library');
  await create.click();
  await page.getByText('Give a whole number above 0, or nothing.').waitFor();
  await page.getByRole('textbox', { name: 'Most turns' }).fill('5');
  await create.click();
  await url.and(page.locator('[aria-invalid=true]:focus')).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await url.fill(mcp.url);
  await create.click();
  await page.getByRole('heading', { name: 'librarian', level: 1 }).waitFor();
  expect(await profileNamed('librarian')).toMatchObject({
    origin: 'own',
    maxTurns: 5,
    builtInTools: ['Read'],
    systemPrompt: { mode: 'append', text: 'You keep a library.' },
    mcpServers: { shelves: { type: 'http', url: mcp.url, headers: { Authorization: '***' } } },
  });
  expect(await value.inputValue()).toBe('');
  expect(await page.content()).not.toContain('Bearer of the library');

  // Saved again without the value being typed, it is still sent.
  await page.getByRole('textbox', { name: 'Description' }).fill('Knows where everything is.');
  await page.getByRole('main').getByRole('link', { name: 'Profiles' }).click();
  const leave = page.getByRole('dialog', { name: 'Leave without saving?' });
  await leave.getByRole('button', { name: 'Stay here' }).click();
  const unsaved = page.getByRole('region', { name: 'Unsaved changes' });
  await unsaved.getByRole('button', { name: 'Save' }).click();
  await unsaved.waitFor({ state: 'detached' });
  let release = (): void => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.upstream.script(() => ({ blocks: [text('The second shelf, ', 'on the left.')], hold }));
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await page.getByRole('button', { name: 'Make a key for 8 hours' }).waitFor();
  expect(await run.isEnabled()).toBe(false);
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Make a key for 8 hours' }).click();
  await page.getByRole('textbox', { name: 'Prompt to try' }).fill('Where are the atlases?');
  await run.click();
  // It is read as it comes.
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByText('The second shelf, on the left.').waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  release();
  await run.waitFor();
  expect(mcp.authorizations.length).toBeGreaterThan(0);
  expect(new Set(mcp.authorizations)).toEqual(new Set(['Bearer of the library']));
  expect(server.upstream.requests.some(({ system }) => told(system).includes('You keep a library.'))).toBe(
    true,
  );
  expect(await tab.barriers()).toEqual([]);
  const { items: keys } = await server.console.call('listKeys');
  const made = keys.find(({ name }) => name === 'console playground (admin)');
  expect(((made?.expiresAt ?? 0) - Date.now()) / 3_600_000).toBeCloseTo(8, 0);
  await page.getByRole('link', { name: 'See the run' }).click();
  await page.waitForURL(/\/webui\/runs\/./);
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await timeline.getByText('The second shelf, on the left.').waitFor();
  expect(tab.problems).toEqual([]);
});

test('a profile is duplicated without its secrets, deleted, and found by the address', async () => {
  const shelves = { type: 'http' as const, url: mcp.url, headers: { Authorization: 'Bearer hidden' } };
  await server.console.call('putProfile', {
    params: { name: 'curator' },
    body: { description: 'Keeps the old.', maxTurns: 7, mcpServers: { shelves } },
  });
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(admin);
  await tab.open('/profiles/curator');
  await page.getByRole('link', { name: 'Duplicate' }).click();
  await page.getByRole('heading', { name: 'Copy of curator', level: 1 }).waitFor();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('archivist');
  const value = page.getByRole('textbox', { name: 'Value of Authorization' });
  expect(await value.getAttribute('placeholder')).toBe('Value');
  await value.fill('Bearer of the archive');
  await page.getByRole('button', { name: 'Create profile' }).click();
  await page.getByRole('heading', { name: 'archivist', level: 1 }).waitFor();
  expect(await profileNamed('archivist')).toMatchObject({
    maxTurns: 7,
    mcpServers: { shelves: { headers: { Authorization: '***' } } },
  });
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete profile' }).click();
  await page.getByRole('heading', { name: 'Profiles', level: 1 }).waitFor();
  await page.getByRole('link', { name: /^curator/ }).waitFor();
  await page.getByRole('link', { name: /^archivist/ }).waitFor({ state: 'detached' });
  expect(await profileNamed('archivist')).toBeUndefined();
  await page.getByRole('searchbox', { name: 'Search profiles' }).fill('keeps');
  await page.getByRole('link', { name: /^model/ }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('text')).toBe('keeps');
  expect(tab.problems).toEqual([]);
});

test('a built-in profile that was changed is as it came after a reset', async () => {
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(admin);
  await tab.open('/profiles/model');
  const prompt = page.getByRole('textbox', { name: 'Text of the system prompt' });
  await prompt.fill('Answer in rhymes.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Built in, changed').waitFor();
  expect(await profileNamed('model')).toMatchObject({
    origin: 'changed',
    systemPrompt: { mode: 'replace', text: 'Answer in rhymes.' },
    builtInTools: 'none',
  });
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Reset to default' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset profile' }).click();
  await page.getByText('Built in, changed').waitFor({ state: 'detached' });
  await expect.poll(() => prompt.inputValue()).toBe('');
  expect(await profileNamed('model')).toMatchObject({ origin: 'default', systemPrompt: { text: '' } });
  expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  expect(tab.problems).toEqual([]);
});

test('a viewer sees profiles on a phone and can change nothing, but tries them with a key of their own', async () => {
  const { secret } = await server.console.call('createKey', { body: { name: 'of vera' } });
  server.upstream.script(() => say('Nice to meet you.'));
  await using tab = await openConsole(browser, server.origin, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    colorScheme: 'dark',
  });
  const { page } = tab;
  await tab.signIn(viewer);
  await tab.open('/profiles');
  await page.getByRole('link', { name: /^agent/ }).waitFor();
  expect(await page.getByRole('link', { name: /^New profile|^Duplicate/ }).count()).toBe(0);
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  await page.getByRole('link', { name: /^agent/ }).click();
  const description = page.getByRole('textbox', { name: 'Description' });
  expect(await description.isDisabled()).toBe(true);
  for (const name of ['Duplicate', 'Delete', 'Reset to default', 'Add MCP server'])
    expect(await page.getByText(name, { exact: true }).count()).toBe(0);
  await page.getByRole('textbox', { name: 'API key' }).fill(secret);
  expect(await page.getByRole('button', { name: 'Make a key for 8 hours' }).count()).toBe(0);
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Use this key' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('region', { name: 'Answer' }).getByText('Nice to meet you.').waitFor();
  await page.getByRole('button', { name: 'Use another key' }).click();
  expect(await page.getByRole('button', { name: 'Run', exact: true }).isEnabled()).toBe(false);
  expect(await tab.sidewaysScroll()).toBe(0);
  expect(tab.problems).toEqual([]);
});

async function profileNamed(name: string) {
  const { items } = await server.console.call('listProfiles');
  return items.find((profile) => profile.name === name);
}

function told(system: readonly { readonly text: string }[] | undefined): string {
  return (system ?? []).map((part) => part.text).join('\n');
}

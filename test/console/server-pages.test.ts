import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { type FurnishedServer, startFurnishedServer } from '../support/furnished-server.ts';

let server: FurnishedServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    // It logs, for the page that shows the log.
    startFurnishedServer({ env: { LOG_LEVEL: '' }, logOutput: new PassThrough().resume() }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' } as const;

test('settings are found, changed after a look at the difference, undone and reset; what others change is told at once', async () => {
  const first = { username: 'olaf', password: 'the other admin' };
  await server.console.call('createUser', { body: { ...first, role: 'admin' } });
  const olaf = await ConsoleClient.signIn(server.origin, first.password, first.username);
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/settings');
  const level = page.getByRole('combobox', { name: 'Log level' });
  const days = page.getByRole('textbox', { name: 'Record retention' });
  await level.waitFor();
  expect(await tab.barriers()).toEqual([]);

  const search = page.getByRole('searchbox', { name: 'Search settings' });
  await search.fill('nothing is called so');
  await page.getByText('No setting fits').waitFor();
  await page.getByRole('button', { name: 'Show all settings' }).click();
  await search.fill('retention record');
  await level.waitFor({ state: 'detached' });
  await days.waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('text')).toBe('retention record');
  await days.fill('many');
  await search.fill('');
  await page
    .getByRole('navigation', { name: 'Groups of settings' })
    .getByRole('button', { name: /^Logs/ })
    .click();
  await days.waitFor({ state: 'detached' });
  await level.selectOption('debug');

  // The field that is wrong is not among those shown: it comes back.
  const unsaved = page.getByRole('region', { name: 'Unsaved changes' });
  await unsaved.getByRole('button', { name: 'Review 2 changes' }).click();
  await page.getByText('A whole number from 0 to').waitFor();
  await days.and(page.locator('[aria-invalid=true]:focus')).waitFor();
  await unsaved.getByText('Look at Record retention.').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await days.fill('45');
  await unsaved.getByRole('button', { name: 'Review 2 changes' }).click();
  const review = page.getByRole('dialog', { name: 'Save 2 changes?' });
  const planned = await review.getByRole('list', { name: 'Changes' }).getByRole('listitem').allTextContents();
  expect(planned).toEqual([
    expect.stringMatching(/Record retention.*Before: .* days.*After: 45 days/),
    expect.stringMatching(/Log level.*Before: info.*After: debug/),
  ]);
  expect(await tab.barriers()).toEqual([]);
  await review.getByRole('button', { name: 'Save 2 changes' }).click();
  await unsaved.waitFor({ state: 'detached' });
  await page.getByText('2 settings saved').waitFor();
  expect(await setting('RECORD_RETENTION_DAYS')).toMatchObject({ value: 45, source: 'console' });
  expect(await setting('LOG_LEVEL')).toMatchObject({ value: 'debug', source: 'console', changedBy: 'admin' });

  await days.fill('60');
  await olaf.call('updateSettings', { body: { changes: { RECORD_RETENTION_DAYS: 30 } } });
  await page.getByText('olaf changed this to 30 days while you were editing it.').waitFor();
  expect(await days.inputValue()).toBe('60');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await unsaved.waitFor({ state: 'detached' });
  expect(await days.inputValue()).toBe('30');

  await page.getByRole('button', { name: 'Undo, to 45 days: the last change of Record retention' }).click();
  await page.getByRole('button', { name: 'Reset to default: Log level' }).click();
  await page.getByText('Goes back to the default when saved.').waitFor();
  await page.getByRole('switch', { name: 'Show tool activity' }).click();
  await page.getByRole('button', { name: 'Discard the change of Show tool activity' }).click();
  await unsaved.getByRole('button', { name: 'Review 2 changes' }).click();
  await review.getByRole('button', { name: 'Save 2 changes' }).click();
  await unsaved.waitFor({ state: 'detached' });
  expect(await setting('RECORD_RETENTION_DAYS')).toMatchObject({ value: 45, changedBy: 'admin' });
  expect(await setting('LOG_LEVEL')).toMatchObject({ value: 'info', source: 'default' });
  await days.fill('99');
  await unsaved.getByRole('button', { name: 'Discard' }).click();
  expect(await days.inputValue()).toBe('45');

  // What the environment says cannot be changed here.
  await page.getByText('Fixed by RECORD_DETAIL in the environment.').waitFor();
  expect(await page.getByRole('combobox', { name: 'Record detail' }).count()).toBe(0);

  await page.getByRole('tab', { name: 'History' }).click();
  const changes = page.getByRole('table', { name: 'Changes of settings' });
  const theirs = changes.getByRole('row').filter({ hasText: 'olaf' });
  expect(await theirs.textContent()).toMatch(/Record retention.*Before: 45 days.*After: 30 days/);
  expect(await tab.barriers()).toEqual([]);
  await changes.getByRole('button', { name: 'Undo: Log level to debug' }).click();
  await page
    .getByRole('dialog', { name: 'Save 1 change?' })
    .getByRole('button', { name: 'Save 1 change' })
    .click();
  await page.getByText('Setting saved', { exact: true }).waitFor();
  expect(await setting('LOG_LEVEL')).toMatchObject({ value: 'debug', source: 'console' });
  await olaf.call('updateSettings', { body: { changes: { LOG_LEVEL: null } } });
  expect(tab.problems).toEqual([]);
});

test('the audit says who did what: filtered, looked into and exported', async () => {
  await server.console.call('updateSettings', { body: { changes: { QUEUE_LIMIT: 77 } } });
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/audit');
  const change = page.getByRole('button', { name: /^Changed QUEUE_LIMIT from .* to 77$/ });
  const signIn = page.getByRole('button', { name: 'Signed in' });
  await change.waitFor();
  await signIn.first().waitFor();
  expect(await tab.barriers()).toEqual([]);

  await page.getByRole('combobox', { name: 'Action' }).selectOption('Setting changed');
  await signIn.first().waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Who' }).selectOption('admin');
  await change.waitFor();
  expect(new URL(page.url()).search).toContain('action=settings.changed');
  await server.console.call('updateSettings', { body: { changes: { QUEUE_LIMIT: 78 } } });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByRole('button', { name: 'Changed QUEUE_LIMIT from 77 to 78' }).click();
  const drawer = page.getByRole('dialog', { name: 'Changed QUEUE_LIMIT from 77 to 78' });
  await drawer.getByRole('link', { name: 'QUEUE_LIMIT' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await drawer.getByRole('button', { name: 'Copy as JSON' }).click();
  await drawer.getByRole('button', { name: 'Copied' }).waitFor();
  expect(JSON.parse(await page.evaluate<string>('navigator.clipboard.readText()'))).toMatchObject({
    actor: 'admin',
    action: 'settings.changed',
    target: 'QUEUE_LIMIT',
    details: { before: 77, after: 78 },
  });
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });

  const entries = page.getByRole('table', { name: 'Audit entries' }).getByRole('button');
  await page.getByRole('searchbox', { name: 'Search loaded entries' }).fill('queue_limit');
  await entries.filter({ hasNotText: 'QUEUE_LIMIT' }).first().waitFor({ state: 'detached' });
  const shown = await entries.allInnerTexts();
  for (const format of ['CSV', 'JSON']) {
    await page.getByRole('button', { name: 'Export' }).click();
    const file = await saved(page, () => page.getByRole('menuitem', { name: format }).click());
    expect(file.name).toBe(`audit.${format.toLowerCase()}`);
    const text = file.bytes.toString('utf8');
    for (const what of shown) expect(text).toContain(what);
    expect(text).not.toContain('user.signed_in');
  }
  expect(shown).toContain('Changed QUEUE_LIMIT from 77 to 78');
  await page.getByRole('searchbox', { name: 'Search loaded entries' }).fill('nobody did this');
  await page.getByText('Nothing fits these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await signIn.first().waitFor();
  expect(tab.problems).toEqual([]);
});

test('the log is seen as it is written, filtered, held and saved, and leads to the run', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/logs');
  const log = page.getByRole('log', { name: 'Log lines' });
  await log.waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await log.waitFor({ state: 'detached' });

  const search = page.getByRole('searchbox', { name: 'Search lines' });
  await search.fill('/v1/chat/completions');
  await page.getByText('No line fits').waitFor();
  const id = await ask('Is it written?');
  await log.getByRole('button', { name: /info.*request/i }).click();
  const run = log.getByRole('link', { name: `Run ${id}` });
  await run.waitFor();
  expect(await tab.barriers()).toEqual([]);
  const level = page.getByRole('combobox', { name: 'Level' });
  await level.selectOption('Errors only');
  await page.getByText('No line fits').waitFor();
  expect(new URL(page.url()).searchParams.get('level')).toBe('error');
  await level.selectOption('Every level');
  await log.getByRole('button', { name: /info.*request/i }).click();
  await run.waitFor();

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused · 0 new').waitFor();
  const held = await ask('And while nobody follows?');
  await page.getByText(/Paused · [1-9]\d* new/).waitFor();
  await search.fill(held);
  await page.getByText('No line fits').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await log
    .getByRole('button', { name: /request/ })
    .first()
    .waitFor();
  const file = await saved(page, () => page.getByRole('button', { name: 'Save lines' }).click());
  expect(file.name).toBe('log.jsonl');
  const lines = file.bytes
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ requestId: held, msg: 'request', status: 200 }));
  expect(lines.every(({ requestId }) => requestId === held)).toBe(true);

  await search.fill(id);
  await log.getByRole('button', { name: /info.*request/i }).click();
  await run.click();
  await page.getByText('Is it written?').first().waitFor();
  expect(new URL(page.url()).pathname).toBe(`/webui/runs/${id}`);
  expect(tab.problems).toEqual([]);
});

test('the health of the server is told, looked at anew, and copied as a report', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/health');
  const checks = page.getByRole('list', { name: 'Checks' });
  await checks.waitFor();
  const { checks: found, version } = await server.console.call('getHealth');
  expect((await checks.getByRole('heading').allInnerTexts()).sort()).toEqual(
    found.map(({ name }) => name).sort(),
  );
  const figures = page.getByRole('region', { name: 'The server itself' });
  await figures.getByText(/\d+ requests \/ min/).waitFor();
  expect(await tab.barriers()).toEqual([]);

  // The figures follow what happens, without a refresh.
  const run = await server.holdRun();
  const active = page.getByRole('definition').and(page.locator('dt:text-is("Active runs") + dd'));
  await active.getByText('1', { exact: true }).waitFor();
  run.release();
  await run.ended;
  await active.getByText('0', { exact: true }).waitFor();

  const [again] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === '/api/webui/health'),
    page.getByRole('button', { name: 'Refresh' }).click(),
  ]);
  expect(again.status()).toBe(200);
  await page.getByRole('button', { name: 'Copy report' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const report = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(report).toContain(`claudecode-api ${version}`);
  for (const { name } of found) expect(report).toContain(`] ${name}: `);
  expect(report).toMatch(/Records: \d+ waiting/);
  expect(tab.problems).toEqual([]);
});

test('a viewer sees settings, health and files on a phone, may save files, and changes nothing', async () => {
  const id = await websiteWorkspace();
  await server.console.call('updateSettings', { body: { changes: { QUEUE_LIMIT: 79 } } });
  await using tab = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  const looksWell = async (): Promise<void> => {
    expect(await tab.barriers()).toEqual([]);
    expect(await tab.sidewaysScroll()).toBe(0);
  };
  await tab.signIn(server.viewer);
  await tab.open('/settings');
  await page.getByText('Only admins can change settings.').waitFor();
  await page.getByRole('list', { name: 'Logs' }).getByText('LOG_LEVEL').waitFor();
  expect(await page.getByRole('combobox', { name: 'Log level' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^(Undo|Reset)/ }).count()).toBe(0);
  await looksWell();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('table', { name: 'Changes of settings' }).getByText('Queue limit').first().waitFor();
  expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  await looksWell();

  await tab.open('/health');
  await page.getByRole('list', { name: 'Checks' }).waitFor();
  await looksWell();
  for (const forbidden of ['audit', 'logs']) {
    await page.goto(`/webui/${forbidden}`);
    await page.getByText('This page is for admins').waitFor();
  }

  await tab.open('/workspaces');
  await page.getByRole('link', { name: 'website' }).waitFor();
  expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
  await looksWell();
  await page.getByRole('link', { name: 'website' }).click();
  await page.getByRole('button', { name: /^fjords\.md/ }).click();
  await page.getByRole('group', { name: 'fjords.md', exact: true }).getByText('glaciers').waitFor();
  expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
  await looksWell();
  const file = await saved(page, () => page.getByRole('button', { name: 'Download fjords.md' }).click());
  expect(file.bytes.equals(await content(id, 'fjords.md'))).toBe(true);
  expect(tab.problems).toEqual([]);
});

test('files of a workspace are looked at, saved and deleted, and the workspace itself once nothing runs there', async () => {
  const id = await websiteWorkspace();
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/workspaces');
  const workspaces = page.getByRole('table', { name: 'Workspaces' });
  const website = workspaces.getByRole('link', { name: 'website' });
  await website.waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Shared');
  await website.waitFor({ state: 'detached' });
  // It is everybody's.
  await workspaces.getByRole('button', { name: /^Download .* as a zip$/ }).waitFor();
  expect(await workspaces.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
  await page.getByRole('searchbox', { name: 'Search workspaces' }).fill('website');
  await page.getByText('No workspace fits').waitFor();
  await page.getByRole('button', { name: 'Show all workspaces' }).click();
  const zip = await saved(page, () =>
    page.getByRole('button', { name: 'Download website as a zip' }).click(),
  );
  expect(zip.name).toMatch(/\.zip$/);
  expect(zip.bytes.includes('fjords.md')).toBe(true);

  await website.click();
  await page.getByRole('heading', { name: 'website', level: 1 }).waitFor();
  const find = page.getByRole('searchbox', { name: 'Find in this directory' });
  const row = page.getByRole('table', { name: 'Files' }).getByRole('button', { name: /^fjords\.md/ });
  await find.fill('no such');
  await page.getByText('No name fits').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await row.click();
  await page.getByRole('group', { name: 'fjords.md', exact: true }).getByText('**glaciers**').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Rendered' }).click();
  await page.getByRole('cell', { name: 'Sognefjord' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(new URL(page.url()).search).toBe('?file=fjords.md&view=rendered');
  const file = await saved(page, () => page.getByRole('button', { name: 'Download fjords.md' }).click());
  expect(file.name).toBe('fjords.md');
  expect(file.bytes.equals(await content(id, 'fjords.md'))).toBe(true);
  const all = await saved(page, () => page.getByRole('button', { name: 'Download all' }).click());
  expect(all.bytes.includes('fjords.md')).toBe(true);
  await page.getByRole('button', { name: 'Copy the path' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('fjords.md');

  await page.getByRole('button', { name: 'Delete fjords.md' }).click();
  const remove = page.getByRole('dialog', { name: 'Delete “fjords.md”?' });
  expect(await tab.barriers()).toEqual([]);
  await remove.getByRole('button', { name: 'Delete file' }).click();
  await row.waitFor({ state: 'detached' });
  // The page shows it before the server has said so.
  const names = async () => {
    const left = await server.console.call('listWorkspaceFiles', { params: { id }, query: { path: '' } });
    return left.items.map(({ name }) => name);
  };
  await expect.poll(names).not.toContain('fjords.md');

  const run = await server.holdRun();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const removeAll = page.getByRole('dialog', { name: 'Delete the workspace “website”?' });
  await removeAll.getByRole('button', { name: 'Delete workspace' }).click();
  await removeAll.getByRole('alert').waitFor();
  expect(await tab.barriers()).toEqual([]);
  run.release();
  await run.ended;
  await removeAll.getByRole('button', { name: 'Delete workspace' }).click();
  await page.getByRole('heading', { name: 'Workspaces', level: 1 }).waitFor();
  await website.waitFor({ state: 'detached' });
  const { items } = await server.console.call('listWorkspaces');
  expect(items.filter((one) => one.id === id && one.files > 0)).toEqual([]);
  const { items: done } = await server.console.call('listAudit', { query: { limit: 5 } });
  expect(done.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['workspace.file_deleted', 'workspace.deleted']),
  );
  expect(tab.problems).toEqual([]);
});

async function setting(name: string) {
  const { settings } = await server.console.call('getSettings');
  return settings.find((one) => one.name === name);
}

/** Asks with the key `website`; resolves to the request's id. */
async function ask(content: string): Promise<string> {
  const website = new OpenAI({ baseURL: server.app.baseUrl, apiKey: server.secret, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content }];
  const { response } = await website.chat.completions.create({ model: 'model', messages }).withResponse();
  return response.headers.get('x-request-id') ?? '';
}

/** The id of the workspace of the key `website`. */
async function websiteWorkspace(): Promise<string> {
  const { items } = await server.console.call('listWorkspaces');
  const found = items.find(({ kind, name }) => kind === 'key' && name === 'website');
  if (found === undefined) throw new Error('The key has no workspace.');
  return found.id;
}

async function content(id: string, path: string): Promise<Buffer> {
  const response = await server.console.fetch('readWorkspaceFile', { params: { id }, query: { path } });
  return Buffer.from(await response.arrayBuffer());
}

/** What the browser saves when something is done. */
async function saved(
  page: Page,
  act: () => Promise<void>,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

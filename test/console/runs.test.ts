import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { type FurnishedServer, startFurnishedServer } from '../support/furnished-server.ts';

let server: FurnishedServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startFurnishedServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

const soon = { timeout: 15_000 };
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' } as const;

test('a run is watched as it happens, and becomes its record; another is stopped', async () => {
  await using tab = await openConsole(browser, server.origin);
  await using other = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await Promise.all([tab.signIn(server.admin), other.signIn(server.viewer)]);
  await Promise.all([tab.open('/runs'), other.open('/runs')]);
  await page.getByText('Nothing runs now').waitFor();
  await page.getByRole('table', { name: 'Recently ended' }).getByRole('link').first().waitFor();
  for (const one of [page, other.page]) await one.evaluate('window.neverReloaded = true');

  const held = await server.holdRun();
  const underWay = page.getByRole('table', { name: 'Runs under way' });
  await underWay.getByRole('row', { name: /Running .*website/ }).waitFor();
  const seen = other.page.getByRole('table', { name: 'Runs under way' }).getByRole('link');
  await seen.waitFor();
  expect(await other.page.getByRole('button', { name: /^Stop/ }).count()).toBe(0);
  expect(await tab.barriers()).toEqual([]);
  expect(await other.barriers()).toEqual([]);
  expect(await other.sidewaysScroll()).toBe(0);
  const find = page.getByRole('searchbox', { name: 'Find a run' });
  await find.fill('nobody has this');
  await page.getByText('None of them fits').waitFor();
  expect(new URL(page.url()).searchParams.get('text')).toBe('nobody has this');
  await find.fill('WEBSITE');

  await underWay.getByRole('link').click();
  await seen.click();
  for (const { page: one } of [tab, other]) {
    await one.getByRole('list', { name: 'Timeline' }).getByText('This takes a while.').waitFor();
    await one.getByRole('region', { name: 'Figures so far' }).getByText('Running').waitFor();
  }
  expect(await other.page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Following' }).click();
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Replay' }).isDisabled()).toBe(true);
  expect(await tab.barriers()).toEqual([]);
  expect(await other.barriers()).toEqual([]);
  expect(await other.sidewaysScroll()).toBe(0);
  await page.getByRole('tab', { name: 'Response' }).click();
  await page.getByText('The response is shown once the run is over.').waitFor();

  held.release();
  await held.ended;
  await page.getByRole('button', { name: 'Raw' }).click();
  await page.getByRole('group', { name: 'response', exact: true }).getByText('I am still at it.').waitFor();
  for (const { page: one } of [tab, other])
    await one
      .getByRole('region', { name: 'Figures', exact: true })
      .getByText('200', { exact: true })
      .waitFor();
  expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  await other.page.getByRole('tab', { name: 'Response' }).click();
  await other.page.keyboard.press('ArrowRight');
  await other.page.getByRole('row', { name: 'authorization [redacted]' }).waitFor();
  expect(await other.barriers()).toEqual([]);
  expect(await other.sidewaysScroll()).toBe(0);
  for (const one of [page, other.page]) expect(await one.evaluate('window.neverReloaded')).toBe(true);
  const released = lastOf(page);
  expect(await server.console.call('getRecord', { params: { id: released } })).toMatchObject({
    status: 200,
    keyName: 'website',
  });

  await page.getByRole('main').getByRole('link', { name: 'Runs' }).click();
  await page.getByText('Nothing runs now').waitFor();
  const stopped = await server.holdRun();
  await underWay.getByRole('button', { name: /^Stop .* of website$/ }).click();
  const asked = page.getByRole('dialog', { name: /^Stop .* of website\?$/ });
  await asked.getByText('the rest of the answer is lost').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await underWay.getByRole('link').click();
  await page.getByRole('list', { name: 'Timeline' }).getByText('This takes a while.').waitFor();
  const id = lastOf(page);
  expect((await server.console.call('listRuns')).items).toMatchObject([{ id }]);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await asked.getByRole('button', { name: 'Stop the run' }).click();
  await stopped.ended;
  await page.getByRole('region', { name: 'Figures', exact: true }).waitFor();
  await page.getByText('Ended before the answer was complete').waitFor();
  expect((await server.console.call('listRuns')).items).toEqual([]);
  expect(await tab.barriers()).toEqual([]);
  await expect
    .poll(() => server.console.call('getRecord', { params: { id } }).catch(() => undefined), soon)
    .toMatchObject({ errorMessage: expect.stringContaining('stopped') });
  expect(tab.problems).toEqual([]);
  expect(other.problems).toEqual([]);
});

test('a record tells what the agent did, is copied as code without a secret, replayed, and rolled back', async () => {
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open(`/records/${server.runId}`);
  const timeline = page.getByRole('list', { name: 'Timeline' });
  const thinking = timeline.getByRole('button', { name: /^Thinking/ });
  await thinking.click();
  await timeline.getByText('then a table, then a check of its length.', { exact: false }).waitFor();
  expect(await thinking.getAttribute('aria-expanded')).toBe('true');
  const diffs = timeline.getByRole('group', { name: /^Changes of .+\/fjords\.md$/ });
  await diffs.first().getByText('# Fjords', { exact: true }).waitFor();
  await diffs.nth(1).getByText('Long, narrow and deep.', { exact: true }).waitFor();
  await diffs.nth(1).getByText('made by **glaciers**', { exact: false }).waitFor();
  await timeline.getByRole('group', { name: 'Terminal' }).getByText('8 fjords.md').waitFor();
  await timeline.getByText('an introduction and a table of the two longest.', { exact: false }).waitFor();
  const changed = timeline.getByRole('region', { name: 'Changed files' });
  await changed.getByText('created').waitFor();
  await changed.getByRole('group', { name: 'Changes of fjords.md' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Close all entries' }).click();
  await diffs.first().waitFor({ state: 'detached' });
  await timeline.getByRole('button', { name: /^Edit/ }).click();
  await diffs.first().getByText('made by **glaciers**', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Open all entries' }).click();

  await page.getByRole('tab', { name: 'Request' }).click();
  const request = page.getByRole('group', { name: 'Request', exact: true });
  await request.getByText('Make a page about the fjords').waitFor();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('request');
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('tab', { name: 'Response' }).click();
  await page.getByRole('button', { name: 'Raw' }).click();
  const response = page.getByRole('group', { name: 'response', exact: true });
  await response.getByText('an introduction and a table of the two longest').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('tab', { name: 'Headers' }).click();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('headers');
  const sent = page.getByRole('table', { name: 'Request headers' });
  await sent.getByRole('row', { name: 'authorization [redacted]' }).waitFor();
  await sent.getByRole('row', { name: 'x-stainless-lang js' }).waitFor();
  const answered = page.getByRole('table', { name: 'Response headers' });
  await answered.getByRole('row', { name: `x-request-id ${server.runId}` }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Copy the response headers' }).click();
  await expect
    .poll(() => page.evaluate<string>('navigator.clipboard.readText()'), soon)
    .toContain(`x-request-id: ${server.runId}\n`);
  await page.getByRole('tab', { name: 'Facts' }).click();
  await page.getByText('Bash × 1').waitFor();
  await page.getByRole('link', { name: 'website' }).first().waitFor();
  expect(await tab.barriers()).toEqual([]);

  const copied = async (name: string): Promise<string> => {
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    return page.evaluate<string>('navigator.clipboard.readText()');
  };
  for (const [name, parts] of [
    ['curl', [`${server.origin}/v1/chat/completions`, 'Bearer $OPENAI_API_KEY']],
    ['Python', ['from openai import OpenAI', `base_url="${server.origin}/v1"`, 'from OPENAI_API_KEY']],
    ['JavaScript', ["from 'openai'", `baseURL: '${server.origin}/v1'`, 'from OPENAI_API_KEY']],
  ] as const) {
    await expect.poll(() => copied(name), soon).toContain('Make a page about the fjords');
    const code = await copied(name);
    for (const part of parts) expect(code).toContain(part);
    expect(code).not.toContain(server.secret);
    expect(code).not.toContain('sk-');
  }
  await expect.poll(() => copied('Link'), soon).toBe(`${server.origin}/webui/records/${server.runId}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download as JSON' }).click(),
  ]);
  expect(JSON.parse(await readFile(await saved.path(), 'utf8'))).toMatchObject({
    record: { id: server.runId },
    detail: { level: 'full' },
  });

  const rollBack = page.getByRole('dialog', { name: 'Roll back the file changes?' });
  const askToRollBack = async (): Promise<void> => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Roll back file changes…' }).click();
  };
  await askToRollBack();
  const files = rollBack.getByRole('list', { name: 'Files that are put back' });
  // For a look at the copies a process of the agent's is started.
  await files.getByText('fjords.md').waitFor({ timeout: 45_000 });
  expect(await tab.barriers()).toEqual([]);
  await rollBack.getByRole('button', { name: 'Cancel' }).click();
  expect(await filesOf('website')).toContain('fjords.md');
  await askToRollBack();
  await rollBack.getByRole('button', { name: 'Put 1 file back' }).click();
  await rollBack.waitFor({ state: 'detached', timeout: 45_000 });
  await page.getByText('1 file was put back').waitFor();
  expect(await filesOf('website')).not.toContain('fjords.md');
  await askToRollBack();
  await rollBack.getByText('rolled back already', { exact: false }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByRole('menuitem', { name: 'With another model…' }).click();
  const replay = page.getByRole('dialog', { name: 'Replay with another model' });
  await replay.getByRole('combobox', { name: 'Model or profile' }).fill('haiku');
  expect(await tab.barriers()).toEqual([]);
  await replay.getByRole('button', { name: 'Open in the playground' }).click();
  await page.getByRole('heading', { name: 'Playground', level: 1 }).waitFor();
  await page.getByRole('main').getByText('Make a page about the fjords').first().waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByRole('menuitem', { name: 'Open in the playground' }).click();
  await page.getByRole('heading', { name: 'Playground', level: 1 }).waitFor();
  await page.getByRole('main').getByText('Make a page about the fjords').first().waitFor();
  expect(tab.problems).toEqual([]);
});

test('a request is shared with somebody who has no session, who sees the run and nothing around it', async () => {
  await using tab = await openConsole(browser, server.origin);
  await using stranger = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open(`/records/${server.runId}`);
  const share = async (): Promise<Locator> => {
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Public link…' }).click();
    return page.getByRole('dialog', { name: 'Public links' });
  };
  let dialog = await share();
  await dialog.getByText('Public links are switched off', { exact: false }).waitFor();
  expect(await dialog.getByRole('button', { name: 'Make a public link' }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await server.console.call('updateSettings', { body: { changes: { PUBLIC_SHARE_LINKS: true } } });
  dialog = await share();
  await dialog.getByText('They do not see').waitFor();
  expect(await dialog.getByRole('combobox', { name: 'Ends after' }).inputValue()).toBe('7d');
  await dialog.getByRole('button', { name: 'Make a public link' }).click();
  const output = dialog.getByRole('status', { name: 'Public link' });
  await dialog
    .getByRole('list', { name: 'Public links' })
    .getByText('not opened yet', { exact: false })
    .waitFor();
  const link = await output.innerText();
  expect(link).toMatch(/\/webui\/share\/[\w-]{43}$/);
  await dialog.getByRole('button', { name: 'Copy the public link' }).click();
  await expect.poll(() => page.evaluate<string>('navigator.clipboard.readText()'), soon).toBe(link);
  expect(await tab.barriers()).toEqual([]);

  const asked: string[] = [];
  stranger.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await stranger.page.goto(link);
  await stranger.page.getByRole('heading', { name: 'Shared request' }).waitFor();
  const conversation = stranger.page.getByRole('region', { name: 'Conversation' });
  await conversation.getByText('Make a page about the fjords').waitFor();
  await conversation.getByText('an introduction and a table of the two longest.', { exact: false }).waitFor();
  const timeline = stranger.page.getByRole('list', { name: 'Timeline' });
  const diff = timeline.getByRole('group', { name: 'Changes of ./fjords.md' }).first();
  await diff.getByText('# Fjords', { exact: true }).waitFor();
  expect(await stranger.sidewaysScroll()).toBe(0);
  await stranger.page.getByRole('button', { name: 'Open all entries' }).click();
  await timeline.getByRole('region', { name: 'Changed files' }).scrollIntoViewIfNeeded();
  expect(await stranger.page.getByRole('link').count()).toBe(0);
  expect(await stranger.barriers()).toEqual([]);
  // One question to the server, and the files of the page.
  expect(asked.filter((path) => !path.startsWith('/webui/'))).toEqual([
    `/api/webui/shared/${link.split('/').at(-1)}`,
  ]);
  const told = await (await fetch(`${server.origin}/api/webui/shared/${link.split('/').at(-1)}`)).text();
  expect(told).toContain('fjords.md');
  for (const hidden of [server.app.directory, server.runId, 'website', 'Web team', 'costUsd', '127.0.0.1'])
    expect(told).not.toContain(hidden);

  await tab.open('/settings?tab=links');
  const table = page.getByRole('table', { name: 'Public links' });
  await table.getByRole('row', { name: new RegExp(server.runId) }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await table.getByRole('button', { name: /^Revoke the link/ }).click();
  await page
    .getByRole('alertdialog')
    .or(page.getByRole('dialog'))
    .getByRole('button', { name: 'Revoke link' })
    .click();
  await page.getByText('There are no public links').waitFor();
  await stranger.page.emulateMedia({ colorScheme: 'light' });
  await stranger.page.reload();
  await stranger.page.getByText('This link does not exist or has ended').waitFor();
  expect(await stranger.barriers()).toEqual([]);
  const { items } = await server.console.call('listAudit', { query: { limit: 10 } });
  expect(items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['share.created', 'share.revoked']),
  );
  expect(tab.problems).toEqual([]);
  expect(stranger.problems).toEqual([]);
});

test('records are filtered by the address, counted, exported and followed', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/records');
  const table = page.getByRole('table', { name: 'Requests' });
  const rows = table.getByRole('link');
  const query = () => new URL(page.url()).searchParams;
  const ids = async (filter: object): Promise<readonly string[]> =>
    (await server.console.call('listRecords', { query: { limit: 200, ...filter } })).items.map(
      ({ id }) => id,
    );
  const holds = async (name: string, filter: object): Promise<void> => {
    await page.getByRole('list', { name: 'Filters that hold' }).getByText(name).waitFor();
    const fitting = await ids(filter);
    expect(fitting.length).toBeGreaterThan(0);
    await expect.poll(() => idsIn(table), soon).toEqual(fitting);
  };
  await expect.poll(() => idsIn(table), soon).toEqual(await ids({}));
  await page.getByRole('group', { name: /^Requests\. Succeeded: highest \d/ }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Show Requests as a table' }).click();
  const steps = page.getByRole('region', { name: 'Requests as a table' }).getByRole('row');
  expect(await sumOf(steps)).toBe((await ids({})).length);
  await page.getByRole('button', { name: 'Show Requests as a chart' }).click();

  await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
  await holds('Status failed', { status: 'error' });
  expect(query().get('status')).toBe('error');
  for (const [name, ending] of [
    ['CSV', 'csv'],
    ['JSON, one object a line', 'jsonl'],
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${ending}$`));
    const file = await readFile(await download.path(), 'utf8');
    for (const id of await ids({ status: 'error' })) expect(file).toContain(id);
    expect(file).not.toContain(server.runId);
    expect(file).not.toContain(server.secret);
  }
  await page.getByRole('button', { name: 'Remove the filter Status failed' }).click();
  await page.getByRole('searchbox', { name: 'Find in ids, errors, models, files' }).fill('FJORDS.md');
  await holds('Text FJORDS.md', { text: 'fjords.md' });
  expect(query().get('text')).toBe('FJORDS.md');
  await page.getByRole('button', { name: 'Filters', exact: true }).click();
  const filters = page.getByRole('dialog', { name: 'Filters' });
  await filters.getByRole('combobox', { name: 'API keys' }).fill('web');
  await filters.getByRole('option', { name: /^website/ }).click();
  await filters.getByRole('textbox', { name: 'Status' }).fill('ok');
  expect(await tab.barriers()).toEqual([]);
  await filters.getByRole('button', { name: 'Show', exact: true }).click();
  const { items: keys } = await server.console.call('listKeys');
  const key = keys.find(({ name }) => name === 'website')?.id ?? '';
  await holds('Key website', { text: 'fjords.md', key, status: 'ok' });
  expect(query().get('key')).toBe(key);
  await page.reload();
  await holds('Key website', { text: 'fjords.md', key, status: 'ok' });
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect.poll(() => idsIn(table), soon).toEqual(await ids({}));
  await tab.open('/records?text=nobody+has+this');
  await page.getByText('No request fits').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await rows.first().waitFor();

  // What comes is shown at once; when that is paused, once somebody asks for it.
  const first = await sendNothing();
  await page.getByRole('button', { name: `Preview ${first}` }).waitFor();
  await page.getByRole('button', { name: /pause the live tail/ }).click();
  const second = await sendNothing();
  await page.getByRole('button', { name: '1 new request' }).waitFor();
  expect(await page.getByRole('button', { name: `Preview ${second}` }).count()).toBe(0);
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: '1 new request' }).click();
  await page.getByRole('button', { name: `Preview ${second}` }).waitFor();
  const third = await sendNothing();
  await page.getByRole('button', { name: '1 new request' }).waitFor();
  await page.getByRole('button', { name: /resume the live tail/ }).click();

  await page.getByRole('button', { name: `Preview ${third}` }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Failed with status 400').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await drawer.getByRole('button', { name: 'Older request' }).click();
  await expect.poll(() => query().get('peek'), soon).toBe(second);
  await drawer.getByRole('button', { name: 'Newer request' }).click();
  await expect.poll(() => query().get('peek'), soon).toBe(third);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Request id' }).click();
  await page.getByRole('menuitem', { name: 'As they were at first' }).click();
  const chart = page.getByRole('group', { name: /^Requests\./ });
  await chart.focus();
  await chart.press('ArrowLeft');
  await chart.press('Enter');
  await expect.poll(() => query().get('range'), soon).not.toBeNull();
  expect(tab.problems).toEqual([]);
});

test('filters are kept as a view, which opens the page, and others find where it is shared', async () => {
  await using tab = await openConsole(browser, server.origin);
  await using other = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await Promise.all([tab.signIn(server.admin), other.signIn(server.viewer)]);
  const query = (one = page) => Object.fromEntries(new URL(one.url()).searchParams);
  const item = (name: string | RegExp, one = page) => one.getByRole('menuitem', { name });
  const check = (name: string, one = page) => one.getByRole('menuitemcheckbox', { name });
  const views = async () => (await server.console.call('listViews')).items;

  await tab.open('/records?range=7d&status=error');
  await page.getByRole('button', { name: 'Views', exact: true }).click();
  await page.getByText('No views yet.').waitFor();
  await item('Save as a new view…').click();
  const saving = page.getByRole('dialog', { name: 'Save a view' });
  await saving.getByRole('textbox', { name: 'Name' }).fill('Failed this week');
  expect(await tab.barriers()).toEqual([]);
  await page.keyboard.press('Enter');
  const open = (name: string | RegExp, one = page) => one.getByRole('button', { name });
  await open('View: Failed this week').waitFor();
  expect(await views()).toMatchObject([{ search: 'range=7d&status=error', shared: false, isDefault: false }]);
  const { view } = query();
  expect(query()).toEqual({ range: '7d', status: 'error', view: expect.stringMatching(/^view_/) });

  await page.getByRole('combobox', { name: 'Status' }).selectOption('Succeeded');
  await open(/^View: Failed this week\s*, changed$/).click();
  expect(await tab.barriers()).toEqual([]);
  await item('Save as a new view…').click();
  await saving.getByRole('textbox', { name: 'Name' }).fill('Failed this week');
  await saving.getByRole('button', { name: 'Save' }).click();
  await saving.getByText('You have a view “Failed this week” of this page already.').waitFor();
  await saving.getByRole('button', { name: 'Cancel' }).click();
  await open(/, changed$/).click();
  await item('Save changes to this view').click();
  await open(/^View: Failed this week$/).click();
  await check('Open this page with it').click();
  await check('Share with everybody').click();
  await item('Rename…').click();
  const renaming = page.getByRole('dialog', { name: 'Rename “Failed this week”' });
  await renaming.getByRole('textbox', { name: 'Name' }).fill('Done this week');
  await renaming.getByRole('button', { name: 'Save' }).click();
  await renaming.waitFor({ state: 'detached' });
  const done = { id: view, name: 'Done this week', search: 'range=7d&status=ok' };
  await expect.poll(views, soon).toMatchObject([{ ...done, shared: true, isDefault: true }]);

  await tab.open('/records');
  await open('View: Done this week').click();
  expect(query()).toEqual({ range: '7d', status: 'ok', view });
  await item('Show all').click();
  await expect.poll(query, soon).toEqual({ view: 'all' });
  await tab.open('/records?status=429');
  await page.getByText('No request fits').waitFor();
  expect(query()).toEqual({ status: '429' });

  await other.open('/records');
  await other.page.getByRole('button', { name: 'Views', exact: true }).click();
  await other.page.getByRole('menuitemradio', { name: /^Done this week\s*shared by admin$/ }).click();
  await open('View: Done this week', other.page).click();
  expect(await other.barriers()).toEqual([]);
  expect(await other.sidewaysScroll()).toBe(0);
  expect(await item(/Rename|Delete/, other.page).count()).toBe(0);
  expect(await check('Share with everybody', other.page).count()).toBe(0);
  await check('Open this page with it', other.page).click();
  await other.page.getByText('The page opens with “Done this week” from now on').waitFor();
  await other.open('/records');
  await open('View: Done this week', other.page).waitFor();
  expect(query(other.page)).toEqual({ range: '7d', status: 'ok', view });

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('done week');
  await page.getByRole('option', { name: /^Done this week\s*Records$/ }).click();
  await open('View: Done this week').click();
  await item('Delete…').click();
  const deleting = page.getByRole('dialog', { name: 'Delete the view “Done this week”?' });
  await deleting.getByRole('button', { name: 'Delete view' }).click();
  await page.getByRole('button', { name: 'Views', exact: true }).waitFor();
  await expect.poll(query, soon).toEqual({ range: '7d', status: 'ok' });
  await expect.poll(views, soon).toEqual([]);
  const { items: audited } = await server.console.call('listAudit');
  expect(audited.filter(({ action }) => action.startsWith('view.'))).toMatchObject([
    { action: 'view.unshared', target: 'Done this week' },
    { action: 'view.shared', target: 'Done this week' },
    { action: 'view.shared', target: 'Failed this week' },
  ]);
  expect(tab.problems).toEqual([]);
  expect(other.problems).toEqual([]);
});

test('a call that waits is allowed or denied from any of two browsers, and the run goes on', async () => {
  await using tab = await openConsole(browser, server.origin);
  await using other = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await Promise.all([tab.signIn(server.admin), other.signIn(server.admin)]);
  await Promise.all([tab.open('/approvals'), other.open('/approvals')]);
  await page.getByText('Nothing waits for you').waitFor();
  expect(await tab.barriers()).toEqual([]);
  const badge = page.getByRole('link', { name: /^Approvals\s*1\s*waiting$/ });
  const card = page.getByRole('listitem', { name: 'Bash' });
  const otherCard = other.page.getByRole('listitem', { name: 'Bash' });

  const allowed = server.askForApproval('echo yes > allowed.txt');
  await card.getByText('echo yes > allowed.txt').waitFor();
  await badge.waitFor();
  await otherCard.waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await other.barriers()).toEqual([]);
  expect(await other.sidewaysScroll()).toBe(0);
  await otherCard.getByRole('button', { name: 'Allow once' }).click();
  await card.waitFor({ state: 'detached' });
  await badge.waitFor({ state: 'detached' });
  expect((await allowed).choices[0]?.message.content).toContain('That is settled.');

  const denied = server.askForApproval('echo no > denied.txt');
  await otherCard.waitFor();
  await card.getByRole('button', { name: 'Deny' }).click();
  const deny = page.getByRole('dialog', { name: 'Deny Bash?' });
  await deny.getByRole('textbox', { name: 'Message to the agent' }).fill('Not on a Sunday.');
  expect(await tab.barriers()).toEqual([]);
  await deny.getByRole('button', { name: 'Deny' }).click();
  await otherCard.waitFor({ state: 'detached' });
  await denied;
  expect(JSON.stringify(server.upstream.requests.slice(-3))).toContain('Not on a Sunday.');

  expect((await filesOf('website')).filter((name) => /allowed|denied/.test(name))).toEqual(['allowed.txt']);
  expect(tab.problems).toEqual([]);
  expect(other.problems).toEqual([]);
});

test('a call is allowed on the page of its run, and several are denied at once', async () => {
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/approvals');
  const card = page.getByRole('listitem', { name: 'Bash' });
  const watched = server.askForApproval('echo run > watched.txt');
  await card.getByRole('link', { name: 'Open the run' }).click();
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await timeline.getByText('Waits for approval').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await timeline.getByRole('button', { name: 'Allow for this run' }).click();
  await timeline.getByText('Allowed for this run by admin').waitFor();
  await timeline.getByText('That is settled.').waitFor();
  await watched;
  await tab.open('/approvals');

  const all = [1, 2].map((number) => server.askForApproval(`echo ${number} > bulk-${number}.txt`));
  await card.nth(1).waitFor();
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Allow selected' }).click();
  await page.getByRole('dialog', { name: 'Allow 2 calls?' }).getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Deny selected' }).click();
  const denyAll = page.getByRole('dialog', { name: 'Deny 2 calls?' });
  await denyAll.getByRole('button', { name: 'Deny' }).click();
  await page.getByText('Nothing waits for you').waitFor();
  await Promise.all(all);
  expect((await server.console.call('listApprovals')).items).toEqual([]);
  expect((await filesOf('website')).filter((name) => /watched|bulk/.test(name))).toEqual(['watched.txt']);
  expect(tab.problems).toEqual([]);
});

test('a viewer reads records on a phone, and can neither stop, roll back nor approve', async () => {
  await using tab = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await tab.signIn(server.viewer);
  await tab.open('/records');
  await page.getByRole('table', { name: 'Requests' }).getByRole('link').first().waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  await tab.open(`/records/${server.runId}`);
  await page.getByRole('list', { name: 'Timeline' }).getByRole('region').first().waitFor();
  for (const name of ['Timeline', 'Request', 'Response', 'Facts']) {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tab', { name, selected: true }).waitFor();
    expect(await tab.barriers()).toEqual([]);
    expect(await tab.sidewaysScroll()).toBe(0);
  }
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Download as JSON' }).waitFor();
  expect(await page.getByRole('menuitem', { name: /Roll back/ }).count()).toBe(0);
  await page.goto('/webui/approvals');
  await page.getByText('This page is for admins').waitFor();
  expect(await page.getByRole('link', { name: /^Approvals/ }).count()).toBe(0);
  expect(await tab.barriers()).toEqual([]);
  const own = await ConsoleClient.signIn(server.origin, server.viewer.password, server.viewer.username);
  const params = { id: server.runId };
  const refused = expect.objectContaining({ status: 403 });
  await expect(own.call('stopRun', { params })).rejects.toEqual(refused);
  await expect(own.call('rollBackRun', { params, body: { dryRun: true } })).rejects.toEqual(refused);
  await expect(own.call('listApprovals')).rejects.toEqual(refused);
  expect(tab.problems).toEqual([]);
});

/** The id at the end of the address. */
function lastOf(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** As the rows of the table stand. */
async function idsIn(table: Locator): Promise<readonly string[]> {
  const names = await table
    .getByRole('button', { name: /^Preview / })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
  return names.map((name) => name.replace('Preview ', ''));
}

/** Of all figures in a table whose first column is no figure. */
async function sumOf(rows: Locator): Promise<number> {
  const cells = await rows.getByRole('cell').allInnerTexts();
  return cells.filter((cell) => /^\d+$/.test(cell)).reduce((sum, cell) => sum + Number(cell), 0);
}

/** Resolves to the id of a request that is refused. */
async function sendNothing(): Promise<string> {
  const response = await fetch(`${server.app.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.secret}`, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(response.status).toBe(400);
  return response.headers.get('x-request-id') ?? '';
}

/** The names in the workspace of a key. */
async function filesOf(keyName: string): Promise<readonly string[]> {
  const { items: workspaces } = await server.console.call('listWorkspaces');
  const id = workspaces.find((one) => one.keyName === keyName)?.id ?? '';
  const { items } = await server.console.call('listWorkspaceFiles', { params: { id }, query: {} });
  return items.map(({ name }) => name);
}

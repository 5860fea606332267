import { readFile } from 'node:fs/promises';
import OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { type FurnishedServer, startFurnishedServer } from '../support/furnished-server.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';

let server: FurnishedServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startFurnishedServer(), launchBrowser()]);
  await server.console.call('updateSettings', { body: { changes: { OPENAI_API_KEY_REQUIRED: true } } });
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' } as const;

test('a key is made with limits and permissions, its secret is shown once and works, and others see it come', async () => {
  await using tab = await openConsole(browser, server.origin);
  await using others = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await others.signIn(server.viewer);
  await others.open('/keys');
  await others.page.getByRole('link', { name: /^website/ }).waitFor();
  await tab.signIn(server.admin);
  await tab.open('/keys');
  await page.getByRole('link', { name: /^website/ }).waitFor();
  expect(await tab.barriers()).toEqual([]);

  await page.getByRole('button', { name: 'New key' }).click();
  const form = page.getByRole('dialog', { name: 'New API key' });
  await form.getByRole('button', { name: 'Create key' }).click();
  await form.getByText('Give the key a name.').waitFor();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('mobile app');
  await form.getByRole('textbox', { name: 'Owner' }).fill('Apps');
  await form.getByRole('button', { name: '30 days' }).click();
  await form.getByRole('textbox', { name: 'Requests per minute' }).fill('60');
  await form.getByRole('textbox', { name: 'Tokens per day' }).fill('2M');
  const budget = form.getByRole('textbox', { name: 'Budget per day, US$', exact: true });
  await budget.fill('some');
  await form.getByText('Give an amount above 0, or nothing for no limit.').waitFor();
  await budget.fill('1.5');
  await form.getByRole('textbox', { name: 'Soft budget per day, US$' }).fill('2');
  await form.getByText('It is above the budget, so it would never be reached.').waitFor();
  await form.getByRole('textbox', { name: 'Soft budget per day, US$' }).fill('0.000001');
  await form.getByRole('combobox', { name: 'Tags' }).fill('phones, beta');
  await page.keyboard.press('Enter');
  const models = form.getByRole('group', { name: 'Models allowed' });
  await models.getByRole('button', { name: 'Only these' }).click();
  await form.getByRole('combobox', { name: 'Models that are allowed' }).fill('claude-sonnet-*');
  await page.keyboard.press('Enter');
  await form.getByRole('combobox', { name: 'Default profile' }).selectOption('model');
  await form.getByRole('combobox', { name: 'Workspace' }).selectOption('A named directory');
  await form.getByRole('textbox', { name: 'Name of the directory' }).fill('mobile');
  expect(await tab.barriers()).toEqual([]);
  await form.getByRole('textbox', { name: 'Owner' }).press('Escape');
  const discard = page.getByRole('dialog', { name: 'Discard the new key?' });
  await discard.getByRole('button', { name: 'Cancel' }).click();
  await form.getByRole('button', { name: 'Create key' }).click();

  const shown = page.getByRole('dialog', { name: 'The key “mobile app”' });
  const secret = await shown.getByRole('status', { name: 'Secret of the key' }).innerText();
  await page.keyboard.press('Escape');
  const done = shown.getByRole('button', { name: 'Done' });
  expect(await done.isEnabled()).toBe(false);
  expect(await tab.barriers()).toEqual([]);
  await shown.getByRole('button', { name: 'Copy key' }).click();
  await shown.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
  const stored = shown.getByRole('checkbox', { name: 'I have stored the key' });
  expect(await stored.isChecked()).toBe(true);
  await stored.click();
  expect(await done.isEnabled()).toBe(false);
  await stored.click();
  await done.click();
  await shown.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /^mobile app/ }).waitFor();
  expect(await page.content()).not.toContain(secret);

  // The other browser was told, without asking anew.
  await others.page.getByRole('link', { name: /^mobile app/ }).waitFor();
  expect(await others.page.getByRole('button', { name: 'New key' }).count()).toBe(0);
  expect(await others.barriers()).toEqual([]);
  expect(await others.sidewaysScroll()).toBe(0);

  const { limits, permissions, expiresAt, owner, tags } = await keyNamed('mobile app');
  expect(limits).toMatchObject({
    requestsPerMinute: 60,
    tokensPerDay: 2_000_000,
    budgetUsdPerDay: 1.5,
    softBudgetUsdPerDay: 0.000001,
    tokensPerMonth: null,
  });
  expect(permissions).toMatchObject({
    models: ['claude-sonnet-*'],
    profiles: null,
    defaultProfile: 'model',
    workspace: 'directory:mobile',
  });
  expect(owner).toBe('Apps');
  expect(tags).toEqual(['phones', 'beta']);
  expect((expiresAt ?? 0) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  expect(await ask(secret, 'claude-sonnet-5')).toContain('You asked');
  await expect(ask(secret, 'claude-opus-4-5')).rejects.toMatchObject({ status: 403 });
  expect(tab.problems).toEqual([]);
  expect(others.problems).toEqual([]);
});

test('keys are found, sorted and filtered by the address, and exported without their secrets', async () => {
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  const ci = await keyNamed('ci');
  await server.console.call('updateKey', {
    params: { id: ci.id },
    body: { active: false, tags: ['nightly'] },
  });
  await tab.signIn(server.viewer);
  await tab.open('/keys?sort=-name&state=active');
  await page.getByRole('link', { name: /^website/ }).waitFor();
  expect(await namesIn(page)).toEqual((await names(({ active }) => active)).reverse());
  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await page.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort=ascending]')).waitFor();
  expect(await namesIn(page)).toEqual(await names(({ active }) => active));
  expect(new URL(page.url()).searchParams.get('sort')).toBe('name');
  await page.getByRole('combobox', { name: 'State' }).selectOption('Inactive');
  await page.getByText('1 of', { exact: false }).waitFor();
  expect(await namesIn(page)).toEqual(['ci']);
  await page.getByRole('combobox', { name: 'Tag', exact: true }).selectOption('nightly');
  await expect.poll(() => new URL(page.url()).searchParams.get('tag')).toBe('nightly');
  await page.getByRole('searchbox', { name: 'Search keys' }).fill('nobody has this');
  await page.getByText('No key fits').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Show all keys' }).click();
  await page.getByRole('link', { name: /^ci/ }).waitFor();
  await page.getByRole('searchbox', { name: 'Search keys' }).fill('web team');
  await page.getByRole('link', { name: /^ci/ }).waitFor({ state: 'detached' });
  expect(await namesIn(page)).toEqual(['website']);
  expect(new URL(page.url()).searchParams.get('text')).toBe('web team');
  expect(await tab.barriers()).toEqual([]);

  for (const format of ['CSV', 'JSON']) {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`api-keys.${format.toLowerCase()}`);
    const file = await readFile(await download.path(), 'utf8');
    expect(file).toContain('The assistant on the start page');
    expect(file).not.toContain('laptop');
    expect(file).not.toContain(server.secret);
  }
  expect(tab.problems).toEqual([]);
});

test('a key is changed, rotated, switched off and revoked', async () => {
  const { key, secret } = await server.console.call('createKey', { body: { name: 'batch', owner: 'Data' } });
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open(`/keys/${key.id}`);
  await page.getByText('No request yet').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('tab', { name: 'Settings' }).click();

  await page.getByRole('textbox', { name: 'Runs at once' }).fill('3');
  await page.getByRole('combobox', { name: 'Workspace' }).selectOption('A named directory');
  await page.getByRole('textbox', { name: 'Name of the directory' }).fill('Not A Name!');
  await page.getByRole('main').getByRole('link', { name: 'API keys' }).click();
  const leave = page.getByRole('dialog', { name: 'Leave without saving?' });
  expect(await tab.barriers()).toEqual([]);
  await leave.getByRole('button', { name: 'Stay here' }).click();
  const unsaved = page.getByRole('region', { name: 'Unsaved changes' });
  await unsaved.getByRole('button', { name: 'Save' }).click();
  // What only the server knows to be wrong is said at its field.
  const directory = page.getByRole('textbox', { name: 'Name of the directory' });
  await directory.and(page.locator('[aria-invalid=true]:focus')).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await directory.fill('batch');
  await unsaved.getByRole('button', { name: 'Save' }).click();
  await unsaved.waitFor({ state: 'detached' });
  expect(await keyNamed('batch')).toMatchObject({
    owner: 'Data',
    limits: { concurrentRuns: 3, requestsPerMinute: null },
    permissions: { workspace: 'directory:batch' },
  });

  await page.getByRole('button', { name: 'Rotate' }).click();
  const rotate = page.getByRole('dialog', { name: 'Rotate “batch”?' });
  await rotate.getByRole('combobox', { name: 'The old secret works for another' }).selectOption('7 days');
  await rotate.getByRole('button', { name: 'Rotate key' }).click();
  const shown = page.getByRole('dialog', { name: 'The key “batch”' });
  const rotated = await shown.getByRole('status', { name: 'Secret of the key' }).innerText();
  expect(rotated).not.toBe(secret);
  await shown.getByRole('checkbox', { name: 'I have stored the key' }).click();
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByText('The secret from before the last rotation works until').waitFor();
  expect(await allowed(secret)).toBe(true);
  expect(await allowed(rotated)).toBe(true);

  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate key' }).click();
  await page.getByText('This key is switched off').waitFor();
  expect(await allowed(rotated)).toBe(false);
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('button', { name: 'Deactivate' }).waitFor();
  // The page shows it before the server has said so.
  await page.getByText('“batch” works again').waitFor();
  expect(await allowed(rotated)).toBe(true);

  await page.getByRole('button', { name: 'Revoke' }).click();
  const revoke = page.getByRole('dialog', { name: 'Revoke “batch”?' });
  const last = revoke.getByRole('button', { name: 'Revoke key' });
  await revoke.getByRole('textbox', { name: 'Type batch to confirm' }).fill('bat');
  expect(await last.isEnabled()).toBe(false);
  await revoke.getByRole('textbox', { name: 'Type batch to confirm' }).fill('batch');
  await last.click();
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
  await page.getByRole('link', { name: /^batch/ }).waitFor({ state: 'detached' });
  expect(await allowed(rotated)).toBe(false);
  expect(await allowed(secret)).toBe(false);
  expect(tab.problems).toEqual([]);
});

test('a soft budget that is passed is told of by webhook and on the key’s page, and is begun anew there', async () => {
  await using receiver = await startWebhookReceiver();
  const limits = { softBudgetUsdPerMonth: 0.000001, budgetUsdPerMonth: 1000 };
  const { key, secret } = await server.console.call('createKey', {
    body: { name: 'thrifty', owner: 'Data', tags: ['night'], limits },
  });
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/settings?text=BUDGET_WEBHOOK_URL');
  await page.getByRole('textbox', { name: 'Budget webhook URL' }).fill(receiver.url);
  await page.getByRole('button', { name: 'Review 1 change' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save 1 change' }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('Delivered: it answered with the status 204.').waitFor();
  expect(await tab.barriers()).toEqual([]);

  expect(await ask(secret, 'claude-sonnet-5')).toContain('You asked');
  await expect.poll(() => receiver.received.length).toBe(2);
  const [test, alert] = receiver.received.map(({ body }) => JSON.parse(body));
  expect(test).toMatchObject({ type: 'budget.test' });
  expect(alert).toMatchObject({
    type: 'budget.threshold_reached',
    data: {
      key: { id: key.id, name: 'thrifty', owner: 'Data', tags: ['night'] },
      ...{ period: 'month', kind: 'soft', percent: 100, budgetUsd: 0.000001 },
    },
  });

  await tab.open(`/keys/${key.id}`);
  const badge = page.getByText('Over its soft budget', { exact: true });
  await badge.waitFor();
  await page.getByText(/It has spent .* over its soft budget of .* Requests go on/).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Start its budget anew' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start anew' }).click();
  await badge.waitFor({ state: 'detached' });
  await page.getByText('Its budget was started anew').waitFor();
  expect((await keyNamed('thrifty')).usage).toMatchObject({ costUsdThisMonth: 0, requestsThisMonth: 1 });
  await tab.open('/?by=tag');
  await page.getByRole('link', { name: 'night', exact: true }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(tab.problems).toEqual([]);
});

test('a viewer sees what a key may do and has used, also on a phone, and can change nothing', async () => {
  const website = await keyNamed('website');
  await using tab = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await tab.signIn(server.viewer);
  await tab.open('/keys');
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Name, descending');
  await expect.poll(() => namesIn(page)).toEqual((await names(() => true)).reverse());
  expect(new URL(page.url()).searchParams.get('sort')).toBe('-name');
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  await tab.open(`/keys/${website.id}`);
  await page.getByRole('table', { name: 'Recent requests' }).getByRole('link').first().waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  for (const name of ['Rotate', 'Deactivate', 'Revoke'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  await page.getByRole('tab', { name: 'Limits and permissions' }).click();
  const limit = page.getByRole('textbox', { name: 'Requests per minute' });
  expect(await limit.inputValue()).toBe('120');
  expect(await limit.isDisabled()).toBe(true);
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  expect(tab.problems).toEqual([]);
});

async function keyNamed(name: string) {
  const { items } = await server.console.call('listKeys');
  const found = items.find((key) => key.name === name);
  if (found === undefined) throw new Error(`There is no key ${name}.`);
  return found;
}

type Key = Awaited<ReturnType<typeof keyNamed>>;

/** From A to Z. */
async function names(wanted: (key: Key) => boolean): Promise<string[]> {
  const { items } = await server.console.call('listKeys');
  return items
    .filter(wanted)
    .map(({ name }) => name)
    .sort();
}

/** As the rows of the table stand. */
async function namesIn(page: Page): Promise<string[]> {
  const rows = await page.getByRole('table', { name: 'API keys' }).getByRole('link').allInnerTexts();
  return rows.map((row) => row.split('\n')[0] ?? '');
}

function clientOf(apiKey: string): OpenAI {
  return new OpenAI({ baseURL: server.app.baseUrl, apiKey, maxRetries: 0 });
}

async function ask(secret: string, model: string): Promise<string | null | undefined> {
  const messages = [{ role: 'user' as const, content: 'Does it work?' }];
  const { choices } = await clientOf(secret).chat.completions.create({ model, messages });
  return choices[0]?.message.content;
}

/** Whether the public API takes the key. */
async function allowed(secret: string): Promise<boolean> {
  try {
    await clientOf(secret).models.list();
    return true;
  } catch (error) {
    if (error instanceof OpenAI.AuthenticationError) return false;
    throw error;
  }
}

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import OpenAI from 'openai';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { type FurnishedServer, startFurnishedServer } from '../support/furnished-server.ts';
import { conversation } from '../support/upstream.ts';

let server: FurnishedServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startFurnishedServer({ env: { APPROVALS: 'client' } }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

const patiently = { timeout: 15_000 };
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true } as const;

test('a conversation goes on, is said otherwise, stopped, tried again and kept, in both dialects', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/playground');
  await page.getByText('Say something', { exact: true }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await choose(page, 'model');

  const first = await say(page, 'Where is Bergen?');
  await first.getByText('Here is what I can say about it.').waitFor();
  const took = first.getByRole('list', { name: 'What it took' });
  await took.getByRole('button', { name: / in, .* out$/ }).waitFor();
  await took.getByText('$').waitFor();
  await took.getByText(/^first token/).waitFor();
  expect(await recordOf(first)).toMatchObject({ endpoint: '/v1/responses', modelAsked: 'model' });
  await say(page, 'And Oslo?');
  // The server goes on from its own last answer.
  expect(conversation(server.upstream.requests.at(-1)).map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'user',
  ]);
  expect(await tab.barriers()).toEqual([]);

  await page.getByRole('button', { name: 'Edit and send again' }).first().click();
  const edit = page.getByRole('textbox', { name: 'Your message' });
  expect(await edit.inputValue()).toBe('Where is Bergen?');
  await edit.fill('Where is Tromsø?');
  await page.getByRole('log').getByRole('button', { name: 'Send', exact: true }).click();
  await answered(page, 0);
  await page.getByText('You asked: Where is Tromsø?').waitFor();
  expect(await answers(page).count()).toBe(1);
  const before = server.upstream.requests.length;
  await page.getByRole('button', { name: 'Answer again' }).click();
  await server.upstream.received(before + 1);
  await answered(page, 0);
  expect(conversation(server.upstream.requests.at(-1))).toEqual([
    { role: 'user', content: 'Where is Tromsø?' },
  ]);

  await page.getByRole('button', { name: 'Chat Completions' }).click();
  const chat = await say(page, 'And Bodø?');
  await chat.getByText('You asked: And Bodø?').waitFor();
  expect(await recordOf(chat)).toMatchObject({ endpoint: '/v1/chat/completions', modelAsked: 'model' });
  expect(conversation(server.upstream.requests.at(-1))).toHaveLength(3);

  await page.getByRole('textbox', { name: 'Message' }).fill('Please hold');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('This takes a while. I am still at it.').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped.', { exact: true }).waitFor();
  await expect.poll(() => server.upstream.requests.at(-1)?.aborted(), patiently).toBe(true);
  await expect.poll(async () => (await server.console.call('listRuns')).items, patiently).toEqual([]);
  expect(await recordOf(answers(page).nth(2))).toMatchObject({ status: 499 });

  await say(page, 'Now fail');
  const alert = page.getByRole('log').getByRole('alert');
  await alert.getByText('This cannot be answered.').waitFor();
  expect(await tab.barriers()).toEqual([]);
  const failed = server.upstream.requests.length;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await server.upstream.received(failed + 1);
  await alert.getByText('This cannot be answered.').waitFor();

  await page.reload();
  await page.getByText('You asked: And Bodø?').waitFor();
  expect(await answers(page).count()).toBe(4);
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByText('Say something', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Bring back the one before' }).click();
  await page.getByText('You asked: And Bodø?').waitFor();
  expect(tab.problems).toEqual([]);
});

test('an agent works on files: its tools, what it wrote, and what was sent along', async () => {
  await using tab = await openConsole(browser, server.origin, { colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/playground');
  await choose(page, 'agent');
  const answer = await say(page, 'Make a page about the fjords');
  await answer.getByText('an introduction and a table of the two longest', { exact: false }).waitFor();
  await answer.getByRole('button', { name: /^Write .*fjords\.md.* done$/ }).click();
  await answer.getByText('Long, narrow and deep.').first().waitFor();
  await answer.getByRole('button', { name: /^Bash wc -l/ }).waitFor();
  await answer.getByRole('button', { name: /^Thinking/ }).click();
  await answer.getByRole('paragraph').filter({ hasText: 'then a check of its length' }).waitFor();
  expect(await tab.barriers()).toEqual([]);

  const files = answer.getByRole('list', { name: 'Files of the answer' });
  await files.getByRole('button', { name: 'Look at fjords.md' }).click();
  const preview = page.getByRole('dialog', { name: 'fjords.md' });
  await preview.getByRole('button', { name: 'Rendered' }).click();
  await preview.getByRole('cell', { name: 'Sognefjord' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await preview.getByRole('button', { name: 'Changes' }).click();
  await preview.getByRole('group', { name: 'Changes of fjords.md' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.keyboard.press('Escape');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    files.getByRole('button', { name: 'Download fjords.md' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('fjords.md');
  expect(await readFile(await download.path(), 'utf8')).toContain('made by **glaciers**');

  await choose(page, 'model');
  await page.getByLabel('Files to attach').setInputFiles([
    { name: 'fish.txt', mimeType: 'text/plain', buffer: Buffer.from('Herring, cod and saithe.') },
    { name: 'ships.txt', mimeType: 'text/plain', buffer: Buffer.from('Cutters and ferries.') },
  ]);
  const attached = page.getByRole('list', { name: 'Attached files' });
  await attached.getByText('24 B').waitFor();
  await attached.getByRole('button', { name: 'Take away ships.txt' }).click();
  expect(await attached.getByRole('listitem').count()).toBe(1);
  await say(page, 'Which of these swim?');
  const sent = JSON.stringify(server.upstream.requests.at(-1)?.messages);
  expect(sent).toContain('Herring, cod and saithe.');
  expect(sent).not.toContain('Cutters');
  await page.getByRole('region', { name: 'You' }).last().getByText('fish.txt').waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(tab.problems).toEqual([]);
});

test('a record is replayed, a conversation gone on with, and what the agent asks is decided', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open(`/playground?replay=${server.runId}`);
  await page.getByText('Nothing is sent until you say so.').waitFor();
  await page.getByRole('region', { name: 'You' }).getByText('Make a page about the fjords').waitFor();
  expect(await page.getByRole('combobox', { name: 'Model or profile' }).inputValue()).toBe('agent');
  expect(new URL(page.url()).search).toBe('');
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Send again', exact: true }).click();
  const again = await answered(page, 0);
  await again.getByText('an introduction and a table of the two longest', { exact: false }).waitFor();
  expect(await recordOf(again)).toMatchObject({ endpoint: '/v1/chat/completions', modelAsked: 'agent' });

  const [chain] = await conversations({ text: 'Plan a week in Bergen' });
  await tab.open(`/playground?conversation=${chain?.id}`);
  await page.getByText('And the food?', { exact: true }).waitFor();
  await say(page, 'And the rain?');
  const past = conversation(server.upstream.requests.at(-1));
  expect(past).toHaveLength(5);
  expect(past[0]).toEqual({ role: 'user', content: 'Plan a week in Bergen' });

  await page.getByRole('button', { name: 'New', exact: true }).click();
  await choose(page, 'careful');
  await decide(page, 'touch approved.txt', 'Approve Bash', () => tab.barriers());
  await page.getByText('Approved: Bash').waitFor();
  await decide(page, 'touch denied.txt', 'Deny Bash', () => tab.barriers());
  await page.getByText('Denied: Bash').waitFor();
  const names = await madeFiles();
  expect(names).toContain('approved.txt');
  expect(names).not.toContain('denied.txt');
  expect(tab.problems).toEqual([]);
});

test('stored conversations are found, read, exported and deleted', async () => {
  const own = new OpenAI({ baseURL: server.app.baseUrl, apiKey: server.secret, maxRetries: 0 });
  const hats = await own.responses.create({ model: 'model', input: 'Which hat is for rain?' });
  await using tab = await openConsole(browser, server.origin);
  await using others = await openConsole(browser, server.origin, { ...phone, colorScheme: 'dark' });
  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/conversations');
  const hat = page.getByRole('link', { name: /^Which hat is for rain/ });
  const bergen = page.getByRole('link', { name: /^Plan a week in Bergen/ });
  await hat.waitFor();
  await bergen.first().waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('Plan a week');
  await hat.waitFor({ state: 'detached' });
  await bergen.first().waitFor();
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('nobody said this');
  await page.getByText('No conversation fits').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Show all conversations' }).click();
  await bergen.first().waitFor();
  await page.getByRole('combobox', { name: 'Key' }).selectOption('website');
  await bergen.first().waitFor({ state: 'detached' });
  await hat.waitFor();
  const exported = await save(page, async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'CSV' }).click();
  });
  expect(exported).toContain('Which hat is for rain?');
  expect(exported).not.toContain('Bergen');

  await hat.click();
  await page.getByRole('heading', { name: 'Which hat is for rain?', level: 1 }).waitFor();
  await answers(page).getByText('Here is what I can say about it.').waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByRole('tab', { name: 'Raw' }).click();
  const items = page.getByRole('group', { name: 'Items of the conversation' });
  await items
    .getByRole('button', { name: /^content:/ })
    .first()
    .click();
  await items
    .getByRole('button', { name: /type, text/ })
    .first()
    .waitFor();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('raw');
  expect(await tab.barriers()).toEqual([]);
  const whole = await save(page, () => page.getByRole('button', { name: 'Export' }).click());
  expect(JSON.parse(whole)).toMatchObject({ conversation: { title: 'Which hat is for rain?' } });

  await others.signIn(server.viewer);
  await others.open(`/conversations/${hats.id}`);
  await answers(others.page).getByText('Here is what I can say about it.').waitFor();
  expect(await others.page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  expect(await others.barriers()).toEqual([]);
  expect(await others.sidewaysScroll()).toBe(0);
  await others.open('/conversations');
  await others.page.getByRole('link', { name: /^Which hat is for rain/ }).waitFor();
  expect(await others.barriers()).toEqual([]);
  expect(await others.sidewaysScroll()).toBe(0);

  await page.getByRole('button', { name: 'Delete' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete this conversation?' });
  expect(await tab.barriers()).toEqual([]);
  await sure.getByRole('button', { name: 'Delete conversation' }).click();
  await page.getByRole('heading', { name: 'Conversations', level: 1 }).waitFor();
  await bergen.first().waitFor();
  await hat.waitFor({ state: 'detached' });
  expect(await conversations({ text: 'Which hat is for rain?' })).toEqual([]);
  await expect(own.responses.retrieve(hats.id)).rejects.toMatchObject({ status: 404 });
  await bergen.first().click();
  await page.getByRole('link', { name: 'Continue in the playground' }).click();
  await page.getByRole('heading', { name: 'Playground', level: 1 }).waitFor();
  await page.getByRole('log').getByText('Plan a week in Bergen', { exact: true }).waitFor();
  expect(tab.problems).toEqual([]);
  expect(others.problems).toEqual([]);
});

test('where a key is wanted it is asked for, one click makes one, and the code never shows it', async () => {
  await server.console.call('updateSettings', { body: { changes: { OPENAI_API_KEY_REQUIRED: true } } });
  await using tab = await openConsole(browser, server.origin, phone);
  await using others = await openConsole(browser, server.origin);
  await others.signIn(server.viewer);
  await others.open('/playground');
  const asks = others.page.getByRole('region', { name: 'API key for trying things out' });
  await asks.getByText('Paste one to go on.').waitFor();
  expect(await asks.getByRole('button', { name: /^Make a key/ }).count()).toBe(0);
  await asks.getByRole('textbox', { name: 'API key' }).fill(server.secret);
  await asks.getByRole('button', { name: 'Use this key' }).click();
  await choose(others.page, 'model');
  await say(others.page, 'Does my key work?');

  const { page } = tab;
  await tab.signIn(server.admin);
  await tab.open('/playground');
  await page.getByRole('region', { name: 'API key for trying things out' }).waitFor();
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello?');
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isEnabled()).toBe(false);
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  await page.getByRole('button', { name: 'Make a key for 8 hours' }).click();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const settings = page.getByRole('dialog', { name: 'Settings of the request' });
  await settings.getByRole('combobox', { name: 'Model or profile' }).selectOption('model');
  expect(await tab.barriers()).toEqual([]);
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'detached' });
  const asked = page.waitForRequest(/\/v1\/responses$/);
  const answer = await say(page, 'Hello?');
  await answer.getByText('You asked: Hello?').waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  const secret = (await asked).headers()['authorization']?.replace('Bearer ', '') ?? '';
  expect(secret).toMatch(/^sk-/);
  const { items } = await server.console.call('listKeys');
  const made = items.find(({ name }) => name === `console playground (${server.admin.username})`);
  expect(made?.expiresAt).toBeGreaterThan(Date.now() + 7 * 3_600_000);

  await page.getByRole('button', { name: 'View code' }).click();
  const code = page.getByRole('dialog', { name: 'View code' });
  for (const [language, says] of [
    ['curl', 'Authorization: Bearer $OPENAI_API_KEY'],
    ['Python', 'from openai import OpenAI'],
    ['JavaScript', "import OpenAI from 'openai'"],
  ] as const) {
    await code.getByRole('tab', { name: language }).click();
    const panel = code.getByRole('tabpanel', { name: language });
    await panel.getByRole('button', { name: `Copy the ${language} code` }).click();
    const read = () => page.evaluate<string>('navigator.clipboard.readText()');
    await expect.poll(read).toContain(says);
    const copied = await read();
    expect(copied).toContain('Hello?');
    expect(copied).not.toContain(secret);
    expect(await tab.barriers()).toEqual([]);
  }
  expect(await page.content()).not.toContain(secret);
  expect(tab.problems).toEqual([]);
  expect(others.problems).toEqual([]);
});

function answers(page: Page): Locator {
  return page.getByRole('region', { name: 'Answer' });
}

/** Once it has come to its end. */
async function answered(page: Page, index: number): Promise<Locator> {
  const answer = answers(page).nth(index);
  await answer.getByRole('list', { name: 'What it took' }).waitFor();
  return answer;
}

async function say(page: Page, text: string): Promise<Locator> {
  const index = await answers(page).count();
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  return answered(page, index);
}

async function choose(page: Page, model: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Model or profile' }).selectOption(model);
}

/** Asks for a command, and decides on it. */
async function decide(
  page: Page,
  command: string,
  decision: string,
  barriers: () => Promise<string[]>,
): Promise<void> {
  const index = await answers(page).count();
  await say(page, `approve: ${command}`);
  await page.getByText('May the agent run Bash?').waitFor();
  expect(await barriers()).toEqual([]);
  await page.getByRole('button', { name: decision }).click();
  const settled = await answered(page, index + 1);
  await settled.getByText('That is settled.').waitFor();
}

/** Records are written shortly after the answer. */
async function recordOf(answer: Locator): Promise<unknown> {
  const href = await answer.getByRole('link', { name: 'Run' }).getAttribute('href');
  const id = href?.split('/').at(-1) ?? '';
  return vi.waitFor(() => server.console.call('getRecord', { params: { id } }), patiently);
}

async function conversations(query: { text: string }): Promise<readonly { readonly id: string }[]> {
  return (await server.console.call('listConversations', { query })).items;
}

async function save(page: Page, act: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return readFile(await download.path(), 'utf8');
}

async function madeFiles(): Promise<string[]> {
  const all = await readdir(server.app.workspace, { recursive: true });
  return all.map((one) => path.basename(one));
}

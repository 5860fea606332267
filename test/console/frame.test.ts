import { gzipSync } from 'node:zlib';
import type { Browser, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { say, startUpstream, type Upstream } from '../support/upstream.ts';

const admin = { username: 'admin', password: 'a password of my own' };
const viewer = { username: 'vera', password: 'only looking around' };

let upstream: Upstream;
let server: TestApp;
let browser: Browser;

beforeAll(async () => {
  upstream = await startUpstream();
  [server, browser] = await Promise.all([startApp({ upstream }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

test('whoever signs in for the first time has to choose a password, and is then shown what to do first', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  const loaded: Response[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/webui')) loaded.push(response);
  });
  await page.goto('/webui/keys');
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('The user name or the password is wrong.').waitFor();
  expect(await tab.barriers()).toEqual([]);

  await page.goto('/webui');
  await tab.signIn({ username: 'admin', password: 'admin123' });
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await page.getByLabel('Current password').fill('admin123');
  await page.getByLabel('New password', { exact: true }).fill(admin.password);
  await page.getByLabel('New password again').fill('another one');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByText('The two are not the same.').waitFor();
  await page.getByLabel('New password again').fill(admin.password);
  await page.getByRole('button', { name: 'Save and go on' }).click();

  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'Get started' }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  // What sign-in and dashboard take as gzip; this browser was sent something smaller.
  const urls = new Set(loaded.map((response) => response.url()));
  const gzipped = async (url: string) => gzipSync(await (await fetch(url)).arrayBuffer()).length;
  const sizes = await Promise.all([...urls].map(gzipped));
  const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  expect(kilobytes).toBeGreaterThan(50);
  expect(kilobytes).toBeLessThan(250);
  for (const response of loaded)
    expect(response.headers()['content-security-policy']).toMatch(/^default-src 'self';/);
  expect(tab.problems).toEqual([]);
});

describe('with an admin and a viewer', () => {
  beforeAll(async () => {
    const console = await ConsoleClient.signIn(server.origin, admin.password);
    await console.call('createUser', { body: { ...viewer, role: 'viewer' } });
    // A password that others know has to be changed.
    const own = new ConsoleClient(server.origin);
    await own.call('signIn', { body: viewer });
    const newPassword = `${viewer.password} alone`;
    await own.call('changePassword', { body: { currentPassword: viewer.password, newPassword } });
    viewer.password = newPassword;
  });

  test('a request is seen as it comes, in two browsers at once, in both themes and on a phone', async () => {
    upstream.script(() => say('Hello there.'));
    await using wide = await openConsole(browser, server.origin, { colorScheme: 'dark' });
    await using phone = await openConsole(browser, server.origin, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
    });
    await wide.signIn(admin);
    await phone.signIn(viewer);
    const seen = [wide, phone].map(({ page }) =>
      page
        .locator('section', { has: page.getByRole('heading', { name: 'Recent activity' }) })
        .getByRole('link', { name: /claude-sonnet/ })
        .first()
        .waitFor(),
    );
    await server.openai.chat.completions.create({
      model: 'model',
      messages: [{ role: 'user', content: 'Hello?' }],
    });
    await Promise.all(seen);
    for (const tab of [wide, phone]) {
      expect(await tab.barriers()).toEqual([]);
      expect(tab.problems).toEqual([]);
      expect(await tab.sidewaysScroll()).toBe(0);
    }
  });

  test('a session that ends is begun again where one was, and a viewer is offered nothing that only admins may', async () => {
    await using tab = await openConsole(browser, server.origin);
    const { page } = tab;
    await tab.signIn(viewer);
    await tab.open('/keys');
    expect(await page.getByRole('button', { name: 'New key' }).count()).toBe(0);
    await page.goto('/webui/users');
    await page.getByText('This page is for admins').waitFor();

    await tab.open('/records');
    const client = new ConsoleClient(server.origin);
    await client.call('signIn', { body: admin });
    const { items } = await client.call('listSessions');
    await Promise.all(
      items
        .filter(({ username }) => username === viewer.username)
        .map(({ id }) => client.call('revokeSession', { params: { id } })),
    );
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    expect(await tab.barriers()).toEqual([]);
    await page.getByLabel('Password').fill(viewer.password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Records', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/webui/records');
    expect(tab.problems).toEqual([]);
  });

  test('everything is reached by keyboard: the skip link, the palette, the shortcuts, signing out', async () => {
    await using tab = await openConsole(browser, server.origin);
    const { page } = tab;
    await page.goto('/webui');
    await page.getByLabel('User name').focus();
    await page.keyboard.type(admin.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('audit');
    await page.getByRole('option', { name: 'Audit', selected: true }).waitFor();
    expect(await tab.barriers()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: /shortcuts/i }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('sign out');
    await page.getByRole('option', { name: 'Sign out', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(tab.problems).toEqual([]);
  });
});

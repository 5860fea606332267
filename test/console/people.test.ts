import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { ConsoleClient } from '../support/console-client.ts';
import {
  admin,
  viewer as firstViewer,
  type StaffedServer,
  startStaffedServer,
} from '../support/staffed-server.ts';

const viewer: { readonly username: string; password: string } = { ...firstViewer };
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' } as const;

let server: StaffedServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startStaffedServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

test('a user is added, gets another role, is disabled, gets a new password and is deleted', async () => {
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(admin);
  await tab.open('/users');
  await page.getByRole('button', { name: 'Actions for vera' }).waitFor();
  expect(await tab.barriers()).toEqual([]);

  await page.getByRole('button', { name: 'Add user' }).click();
  const form = page.getByRole('dialog', { name: 'Add user' });
  await form.getByRole('button', { name: 'Add user' }).click();
  await form.getByText('Give the user a name.').waitFor();
  const name = form.getByRole('textbox', { name: 'Name' });
  await name.fill('vera');
  await form.getByRole('button', { name: 'Add user' }).click();
  await form.getByText('There is a user ').waitFor();
  await name.and(page.locator('[aria-invalid=true]:focus')).waitFor();
  expect(await tab.barriers()).toEqual([]);
  await name.fill('olaf');
  const field = form.getByRole('textbox', { name: 'First password' });
  const suggested = await field.inputValue();
  await form.getByRole('button', { name: 'Suggest another password' }).click();
  const password = await field.inputValue();
  expect(password).not.toBe(suggested);
  await form.getByRole('button', { name: 'Add user' }).click();
  const added = page.getByRole('dialog', { name: '“olaf” was added' });
  await added.getByText(password).waitFor();
  await page.keyboard.press('Escape');
  await added.getByRole('button', { name: 'Copy all three' }).click();
  await added.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
    `${server.origin}/webui\nolaf\n${password}\n`,
  );
  expect(await tab.barriers()).toEqual([]);
  await added.getByRole('button', { name: 'Done' }).click();
  await added.waitFor({ state: 'detached' });
  const olaf = page.getByRole('row', { name: /^olaf/ });
  await olaf.getByText('Viewer').waitFor();
  expect(await signIn('olaf', password)).toMatchObject({ role: 'viewer', mustChangePassword: true });

  const choose = async (action: string, confirmed: string): Promise<void> => {
    await page.getByRole('button', { name: 'Actions for olaf' }).click();
    await page.getByRole('menuitem', { name: action }).click();
    const dialog = page.getByRole('dialog', { name: /“olaf”/ });
    await dialog.getByRole('button', { name: confirmed }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await choose('Make an admin', 'Make an admin');
  await olaf.getByText('Admin').waitFor();
  expect(await userNamed('olaf')).toMatchObject({ role: 'admin' });
  await choose('Make a viewer', 'Make a viewer');
  await olaf.getByText('Viewer').waitFor();
  expect(await userNamed('olaf')).toMatchObject({ role: 'viewer' });
  await choose('Disable', 'Disable user');
  await olaf.getByText('Disabled').waitFor();
  await expect(signIn('olaf', password)).rejects.toMatchObject({ status: 401 });
  await choose('Enable', 'Enable user');
  await olaf.getByText('Disabled').waitFor({ state: 'detached' });
  expect(await signIn('olaf', password)).toMatchObject({ role: 'viewer' });

  await page.getByRole('button', { name: 'Actions for olaf' }).click();
  await page.getByRole('menuitem', { name: 'Reset password' }).click();
  const reset = page.getByRole('dialog', { name: 'Reset the password of “olaf”?' });
  await reset.getByRole('textbox', { name: 'First password' }).fill('short');
  await reset.getByRole('button', { name: 'Reset password' }).click();
  await reset.getByText('Use at least 8 characters.').waitFor();
  await reset.getByRole('textbox', { name: 'First password' }).fill('another beginning');
  await reset.getByRole('button', { name: 'Reset password' }).click();
  const handed = page.getByRole('dialog', { name: '“olaf” has a new password' });
  await handed.getByText('another beginning').waitFor();
  await handed.getByRole('button', { name: 'Done' }).click();
  await expect(signIn('olaf', password)).rejects.toMatchObject({ status: 401 });
  expect(await signIn('olaf', 'another beginning')).toMatchObject({ mustChangePassword: true });

  await page.getByRole('searchbox', { name: 'Search users' }).fill('ola');
  await page.getByRole('row', { name: /^vera/ }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('text')).toBe('ola');
  await page.getByRole('button', { name: 'Actions for olaf' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const last = page.getByRole('dialog', { name: 'Delete “olaf”?' });
  expect(await last.getByRole('button', { name: 'Delete user' }).isEnabled()).toBe(false);
  await last.getByRole('textbox', { name: 'Type olaf to confirm' }).fill('olaf');
  await last.getByRole('button', { name: 'Delete user' }).click();
  await page.getByText('No user fits').waitFor();
  expect(await userNamed('olaf')).toBeUndefined();
  await page.getByRole('button', { name: 'Show all users' }).click();
  await page.getByRole('row', { name: /^vera/ }).waitFor();
  expect(tab.problems).toEqual([]);
});

test('the last admin stays one, which the dialog says; the page is for admins alone, and fits a phone', async () => {
  await using tab = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await tab.signIn(admin);
  await tab.open('/users');
  const actions = page.getByRole('button', { name: 'Actions for admin' });
  await actions.waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  for (const [action, confirmed] of [
    ['Make a viewer', 'Make a viewer'],
    ['Disable', 'Disable user'],
  ] as const) {
    await actions.click();
    await page.getByRole('menuitem', { name: action }).click();
    const dialog = page.getByRole('dialog', { name: /“admin”/ });
    await dialog.getByText('This is your own account.').waitFor();
    await dialog.getByRole('button', { name: confirmed }).click();
    await dialog.getByRole('alert').getByText('This is the last active admin.').waitFor();
    expect(await tab.barriers()).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  expect(await userNamed('admin')).toMatchObject({ role: 'admin', active: true });
  expect(tab.problems).toEqual([]);

  await using other = await openConsole(browser, server.origin);
  await other.signIn(viewer);
  expect(await other.page.getByRole('link', { name: 'Users' }).count()).toBe(0);
  await other.page.goto('/webui/users');
  await other.page.getByText('This page is for admins').waitFor();
  expect(await other.barriers()).toEqual([]);
  expect(other.problems).toEqual([]);
});

test('one sees and ends sessions, changes the password and chooses how the console looks', async () => {
  const elsewhere = new ConsoleClient(server.origin);
  await elsewhere.call('signIn', { body: viewer });
  await using tab = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await tab.signIn(viewer);
  await tab.open('/account');
  const sessions = page.getByRole('table', { name: 'Sessions' });
  const ends = sessions.getByRole('button', { name: /^End the session of vera, node/ });
  await ends.first().waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  // Viewers see their own alone.
  expect(await sessions.getByRole('button', { name: /admin/ }).count()).toBe(0);
  for (let left = await ends.count(); left > 0; left--) {
    await ends.first().click();
    const dialog = page.getByRole('dialog', { name: 'End the session of “vera”?' });
    await dialog.getByRole('button', { name: 'End session' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => ends.count()).toBe(left - 1);
  }
  await expect(elsewhere.call('listKeys')).rejects.toMatchObject({ status: 401 });

  await page.getByRole('textbox', { name: 'Current password' }).fill('not mine');
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('quite another one');
  await page.getByRole('textbox', { name: 'New password again' }).fill('quite another');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The two are not the same.').waitFor();
  await page.getByRole('textbox', { name: 'New password again' }).fill('quite another one');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The current password is wrong.').waitFor();
  const current = page.getByRole('textbox', { name: 'Current password' });
  expect(await current.and(page.locator('[aria-invalid=true]')).count()).toBe(1);
  expect(await tab.barriers()).toEqual([]);
  await current.fill(viewer.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password is changed').waitFor();
  await expect(signIn('vera', viewer.password)).rejects.toMatchObject({ status: 401 });
  viewer.password = 'quite another one';
  expect(await signIn('vera', viewer.password)).toMatchObject({ mustChangePassword: false });

  const theme = page.getByRole('group', { name: 'Theme' });
  const shown = (): Promise<string> => page.evaluate('document.documentElement.dataset.theme');
  expect(await shown()).toBe('dark');
  await theme.getByRole('button', { name: 'Light' }).click();
  expect(await shown()).toBe('light');
  expect(await tab.barriers()).toEqual([]);
  await tab.open('/account');
  expect(await shown()).toBe('light');
  await page.getByRole('button', { name: 'As the system' }).click();
  expect(await shown()).toBe('dark');

  await page.getByRole('button', { name: 'End this session' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(tab.problems).toEqual([]);
});

test('an admin sees where everybody is signed in, and ends the session of another', async () => {
  const vera = new ConsoleClient(server.origin);
  await vera.call('signIn', { body: viewer });
  await using tab = await openConsole(browser, server.origin);
  const { page } = tab;
  await tab.signIn(admin);
  await tab.open('/account');
  await page.getByRole('columnheader', { name: 'User' }).waitFor();
  await page.getByRole('button', { name: /^End the session of admin, node/ }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  const ends = page.getByRole('button', { name: /^End the session of vera/ });
  for (let left = await ends.count(); left > 0; left--) {
    await ends.first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
    await expect.poll(() => ends.count()).toBe(left - 1);
  }
  await expect(vera.call('listKeys')).rejects.toMatchObject({ status: 401 });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(tab.problems).toEqual([]);
});

function signIn(username: string, password: string) {
  return new ConsoleClient(server.origin).call('signIn', { body: { username, password } });
}

async function userNamed(name: string) {
  const { items } = await server.console.call('listUsers');
  return items.find(({ username }) => username === name);
}

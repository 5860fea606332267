import { readFile } from 'node:fs/promises';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openConsole } from '../support/browser.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { admin, type StaffedServer, startStaffedServer, viewer } from '../support/staffed-server.ts';

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

test('a user sets up two-factor sign-in, signs in with a code and with a recovery code, and an admin resets it', async () => {
  await using tab = await openConsole(browser, server.origin, phone);
  const { page } = tab;
  await tab.signIn(viewer);
  await tab.open('/account');
  await page.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill('not mine');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('The password is wrong.').waitFor();
  await dialog.getByLabel('Your password').fill(viewer.password);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('img', { name: /^QR code/ }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  const secret = await dialog.locator('code').innerText();
  const link = await dialog.getByRole('link', { name: 'Open in an app' }).getAttribute('href');
  expect(new URL(link ?? '').searchParams.get('secret')).toBe(secret);
  await dialog.getByLabel('Code', { exact: true }).fill('12 34');
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await dialog.getByText('The code is wrong.').waitFor();
  await dialog.getByLabel('Code', { exact: true }).fill(codeOf(secret));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const codes = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await codes.first().waitFor();
  const recovery = await codes.allInnerTexts();
  expect(recovery).toHaveLength(10);
  expect(await tab.barriers()).toEqual([]);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(await readFile(await saved.path(), 'utf8')).toContain(recovery.join('\n'));
  await dialog.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByText('10 recovery codes are left.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();

  await enterPassword(page, viewer);
  await page.getByLabel('Code', { exact: true }).waitFor();
  expect(await tab.barriers()).toEqual([]);
  expect(await tab.sidewaysScroll()).toBe(0);
  await page.getByLabel('Code', { exact: true }).fill('no code');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The code is wrong, or was used before.').waitFor();
  // The one of now is used up; that of the next half minute is taken as well.
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 1).replace(/^.../, '$& '));
  await page.keyboard.press('Enter');
  await page.getByText('10 recovery codes are left.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await enterPassword(page, viewer);
  await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await page.getByLabel('Recovery code').fill(recovery[4]?.toUpperCase() ?? '');
  await page.keyboard.press('Enter');
  await page.getByText('You used a recovery code. 9 are left.').waitFor();
  await page.getByText('9 recovery codes are left.').waitFor();
  expect(tab.problems).toEqual([]);

  await using other = await openConsole(browser, server.origin);
  await other.signIn(admin);
  await other.open('/users');
  const vera = other.page.getByRole('row', { name: /^vera/ });
  await vera.getByText('On', { exact: true }).waitFor();
  await other.page.getByRole('button', { name: 'Actions for vera' }).click();
  await other.page.getByRole('menuitem', { name: 'Reset two-factor sign-in' }).click();
  const confirm = other.page.getByRole('dialog', { name: /“vera”/ });
  await confirm.getByRole('button', { name: 'Reset' }).click();
  await vera.getByText('On', { exact: true }).waitFor({ state: 'detached' });
  expect(await signIn('vera', viewer.password)).toMatchObject({ username: 'vera' });

  // From here on, admins have to have it.
  await server.console.call('updateSettings', { body: { changes: { TWO_FACTOR_REQUIRED: 'admins' } } });
  await other.open('/keys');
  await other.page.getByRole('heading', { name: 'Set up two-factor sign-in' }).waitFor();
  await expect(server.console.call('listKeys')).rejects.toMatchObject({
    status: 403,
    code: 'two_factor_required',
  });
  await other.page.getByLabel('Your password').fill(admin.password);
  await other.page.getByRole('button', { name: 'Next' }).click();
  await other.page
    .getByLabel('Code', { exact: true })
    .fill(codeOf(await other.page.locator('code').innerText()));
  await other.page.getByRole('button', { name: 'Turn on' }).click();
  await other.page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  expect(await other.barriers()).toEqual([]);
  await other.page.getByRole('button', { name: 'Go on to the console' }).click();
  await other.page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
  expect(other.problems).toEqual([]);
});

async function enterPassword(page: Page, { username, password }: typeof viewer): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Of now, or of so many half minutes later. */
function codeOf(secret: string, later = 0): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + later * 30_000 });
}

function signIn(username: string, password: string) {
  return new ConsoleClient(server.origin).call('signIn', { body: { username, password } });
}

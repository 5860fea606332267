import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The first has no windows to draw, and takes half of the time of the others. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** The Chromium that CHROMIUM_PATH names, or that of the system. @throws Error with one line that says what to install. */
function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  const directories = (process.env['PATH'] ?? '').split(path.delimiter);
  const places = directories.flatMap((directory) => names.map((name) => path.join(directory, name)));
  const found = [...(named === undefined ? [] : [named]), ...places, chromium.executablePath()].find(
    existsSync,
  );
  if (found !== undefined) return found;
  throw new Error(
    'The tests of the console need Chromium: `apt-get install chromium-headless-shell` (or `chromium`), `npx playwright-core install chromium`, or CHROMIUM_PATH.',
  );
}

export function launchBrowser(): Promise<Browser> {
  // As root, and in many containers, Chromium has no sandbox of its own.
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
}

export interface ConsoleTab extends AsyncDisposable {
  readonly page: Page;
  /** Errors on the browser's console, breaches of the content security policy, requests to other hosts. */
  readonly problems: readonly string[];
  /** Opens a page of the console, such as `/keys`, and waits until its heading is there. */
  open(path: string): Promise<void>;
  /** Fills in the form that is shown to strangers. */
  signIn(user: { readonly username: string; readonly password: string }): Promise<void>;
  /** What people who see, hear or move otherwise could not use: WCAG 2.2 A and AA by axe, in one line each. */
  barriers(): Promise<string[]>;
  /** By how many pixels the page is wider than its window. */
  sidewaysScroll(): Promise<number>;
}

/** A browser window of its own, with nothing remembered, on the console of a server. */
export async function openConsole(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<ConsoleTab> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The browser tells each answer of 400 and more; those are the page's to show, and the tests' to look at.
    if (message.text().startsWith('Failed to load resource')) return;
    problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (/^https?:$/.test(protocol) && asked !== origin) problems.push(`foreign: ${request.url()}`);
  });
  await page.addInitScript({ content: tellPolicyBreaches });
  const heading = () => page.getByRole('heading', { level: 1 }).first().waitFor();
  return {
    page,
    problems,
    async open(to) {
      await page.goto(`/webui${to}`);
      await heading();
    },
    async signIn({ username, password }) {
      await page.goto('/webui');
      await page.getByLabel('User name').fill(username);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('User name').waitFor({ state: 'detached' });
      await heading();
    },
    async barriers() {
      // What is half faded in has not its own colours.
      await page.evaluate(endOfAnimations);
      if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axeSource);
      return page.evaluate<string[]>(findBarriers);
    },
    sidewaysScroll: () => page.evaluate<number>(excessWidth),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What runs in the page is text: this side knows no browser. */
const tellPolicyBreaches = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP: ' + [event.violatedDirective, event.blockedURI, event.sourceFile].join(' '));
});`;
const excessWidth = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const endOfAnimations = `Promise.allSettled(
  document
    .getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished),
).then(() => undefined)`;
// While a dialog is open nothing else can be reached; what lies behind it was looked at before.
const findBarriers = `axe
  .run(document.querySelector('[role=dialog]:not([aria-hidden]), [role=alertdialog]') ?? document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    resultTypes: ['violations'],
  })
  .then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => id + ': ' + help + ': ' + target.join(' ') + ' ' + html.slice(0, 200))))`;

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { makeFolder } from '../folder.js';
import { hasPrograms } from '../programs.js';

/** Debian's package; `.tools/test-programs.mjs` installs it. */
const executablePath = '/usr/bin/chromium';

export const isThere = hasPrograms('the HTML matrix in a browser', [executablePath]);

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args, timeout: 60_000 });
}

/** What a page did that it must not do. */
export interface Watched {
  readonly page: Page;
  /** Requests beside the file itself, violations of its policy, errors, dialogs. */
  readonly faults: string[];
}

/** Opens a report from a file, and watches it. */
export async function openReport(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const file = path.join(makeFolder({ 'report.html': html }), 'report.html');
  const { href } = pathToFileURL(file);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== href) faults.push(`request ${request.url()}`);
  });
  page.on('console', (message) => void faults.push(`console ${message.text()}`));
  page.on('pageerror', (error) => void faults.push(`error ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('violated', (what: string) => void faults.push(`violation ${what}`));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => violated(event.violatedDirective))`);
  await page.goto(href);
  return { page, faults };
}

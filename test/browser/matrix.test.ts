import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../../src/model/shell-command.js';
import { escapeText } from '../../src/model/text.js';
import { evilNames } from '../access-matrix/evil.js';
import { tell } from '../tell.js';
import { isThere, launch, openReport } from './chromium.js';
import { company, evilReport, reportOf } from './report.js';

const report = reportOf(2000);
const { users } = company(2000);

/** The names in the rows that are drawn, from the top. */
function names(page: Page): Promise<readonly string[]> {
  return page.locator('#grid [role=row]:not(.head):not([hidden]) bdi').allTextContents();
}

async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? '';
}

/** The active cell, as a screen reader is told of it. */
function active(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const cell = document.getElementById(document.getElementById('grid').getAttribute('aria-activedescendant'));
    const name = cell.closest('[role=row]').querySelector('bdi').textContent;
    return [name, cell.getAttribute('aria-colindex'), cell.getAttribute('aria-label')].join(' ');
  })()`);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

function inBrowser(): void {
  let browser: Browser;
  const open = (html: string, options = {}) => openReport(browser, html, options);
  /** With a column for each endpoint and database. */
  const openExpanded = async (html: string) => {
    const opened = await open(html);
    await opened.page.click('#fold');
    return opened;
  };

  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser.close();
  });

  it('is a grid of all users and columns, of which only what is seen is drawn', async () => {
    const { page, faults } = await openExpanded(report);
    const grid = page.locator('#grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe('2001');
    expect(await grid.getAttribute('aria-colcount')).toBe('66');
    expect(await text(page, '#count')).toBe('2,000 users');
    const drawn = await names(page);
    expect(drawn).toEqual(
      users
        .map(({ name }) => name)
        .sort()
        .slice(0, drawn.length),
    );
    expect(await page.locator('#grid [role=gridcell]').count()).toBeLessThan(2000);
    await page.evaluate(`document.getElementById('grid').scrollTo({ top: 1e6, left: 1e6 })`);
    await page.locator('#grid [aria-rowindex="2001"]').waitFor();
    expect((await names(page)).at(-1)).toBe(
      users
        .map(({ name }) => name)
        .sort()
        .at(-1),
    );
    expect(await page.locator('#grid [role=columnheader][aria-colindex="66"]').textContent()).toContain('any other');
    expect(faults).toEqual([]);
  });

  it('shows every column of its first view at 1280 px, also while the panel explains a cell', async () => {
    const { page } = await open(report, { viewport: { width: 1280, height: 800 } });
    const hidden = () => page.evaluate<number>(`(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(grid)`);
    expect(await page.locator('#why').isVisible()).toBe(false);
    expect(await hidden()).toBe(0);
    await page.locator('#grid .row').first().locator('.cell').first().click();
    expect(await page.locator('#why').isVisible()).toBe(true);
    expect(await hidden()).toBe(0);
    expect(await page.locator('#grid [role=columnheader]:not([hidden])').count()).toBe(18);
  });

  it.each(['light', 'dark'] as const)('has a denied mark that one can read in its %s colours', async (colorScheme) => {
    const { page } = await open(report, { colorScheme });
    const contrast = await page.evaluate<number>(`(() => {
      const luminance = (color) => {
        const [r, g, b] = color.match(/\\d+/g).map((part) => {
          const share = part / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const cell = document.querySelector('#grid .cell.no');
      const [a, b] = [getComputedStyle(cell).color, getComputedStyle(cell.closest('.row')).backgroundColor]
        .map(luminance)
        .sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    })()`);
    expect(contrast).toBeGreaterThan(4.5);
  });

  it('finds users while one types, and measures how long a key takes', async () => {
    const { page, faults } = await open(report);
    await page.evaluate(`(() => {
      globalThis.times = [];
      let pressed = 0;
      addEventListener('keydown', (event) => (pressed = event.timeStamp), true);
      document.getElementById('search').addEventListener('input', () => {
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - pressed)));
      });
    })()`);
    await press(page, '/');
    await page.keyboard.type('anna.ops', { delay: 60 });
    const wanted = users
      .map(({ name }) => name)
      .filter((name) => name.includes('anna.ops'))
      .sort();
    expect(await text(page, '#count')).toBe(`${wanted.length} of 2,000 users`);
    expect(await names(page)).toEqual(wanted.slice(0, (await names(page)).length));
    await page.waitForFunction('times.length === 8');
    const times = await page.evaluate<readonly number[]>('times');
    const sorted = times.toSorted((a, b) => a - b);
    const [median = 0, most = 0] = [sorted[4], sorted[7]];
    tell(
      `browser: the report ran in Chromium ${browser.version()}; among 2,000 users a key in the search box showed ` +
        `within ${median.toFixed(0)} ms (median of ${times.length}; at most ${most.toFixed(0)} ms)`,
    );
    await page.fill('#search', 'nobody is called so');
    expect(await page.locator('#no-match').isVisible()).toBe(true);
    await page.click('#clear');
    expect(await text(page, '#count')).toBe('2,000 users');
    expect(faults).toEqual([]);
  });

  it('finds the members of a role', async () => {
    const { page } = await open(report);
    await page.fill('#search', 'PLATFORM');
    expect(await text(page, '#count')).toBe('400 of 2,000 users');
  });

  it('filters endpoints, methods and users', async () => {
    const { page, faults } = await openExpanded(report);
    const columns = () => page.locator('#grid').getAttribute('aria-colcount');
    await page.selectOption('#group', 'config');
    expect(await columns()).toBe('6');
    await page.selectOption('#method', 'POST');
    expect(await columns()).toBe('3');
    await page.selectOption('#show', 'yes');
    const may = users.filter(({ permissions }) => permissions.get('')?.includes('KapacitorConfigAPI')).length;
    expect(await text(page, '#count')).toBe(`${may} of 2,000 users`);
    await page.selectOption('#group', '');
    await page.selectOption('#method', '');
    await page.click('[data-show=out]');
    expect(await text(page, '#count')).toBe(`${await text(page, '[data-show=out] b')} of 2,000 users`);
    expect(await page.locator('#grid .row:not([hidden]) .cell:not([hidden])').first().textContent()).toBe('!');
    expect(faults).toEqual([]);
  });

  it('says of a cell why it is so, and the command that changes it', async () => {
    const { page, faults } = await openExpanded(report);
    await page.fill('#search', 'ben.grid');
    await page.locator('#grid .row').first().locator('.cell').first().click();
    const why = await text(page, '#why');
    const [name = ''] = await names(page);
    for (const part of [name, 'GET /tasks', 'read tasks', 'Needs', 'read on /api/tasks', 'Decided by']) {
      expect(why).toContain(part);
    }
    await page.selectOption('#show', 'role');
    await page.fill('#search', 'platform');
    await page.locator('#grid .row').first().locator('.cell').first().click();
    const [member = ''] = await names(page);
    expect(await text(page, '#why .verdict')).toBe('denied: only through a role');
    expect(await text(page, '#why .reason')).toContain(
      'The role platform would allow it, but the user record does not include it.',
    );
    expect(await text(page, '#why code')).toBe(`kapadmin user grant ${member} KapacitorAPI`);
    await page.click('#why .close');
    expect(await page.locator('#why').isVisible()).toBe(false);
    expect(faults).toEqual([]);
  });

  it('is used by the keyboard alone', async () => {
    const { page, faults } = await openExpanded(report);
    const sorted = users.map(({ name }) => name).sort();
    await press(page, '/');
    await page.keyboard.type('b');
    await press(page, 'Escape');
    expect(await page.inputValue('#search')).toBe('');
    await press(page, 'ArrowDown', 'ArrowRight', 'ArrowRight');
    expect(await active(page)).toMatch(new RegExp(`^${sorted[0]} `));
    await press(page, 'ArrowDown', 'End');
    expect(await active(page)).toMatch(new RegExp(`^${sorted[1]} 66 `));
    expect(await text(page, '#why .asked')).toBe('write any other');
    await press(page, 'Control+End');
    expect(await active(page)).toMatch(new RegExp(`^${sorted.at(-1)} 66 `));
    await press(page, 'PageUp', 'Control+Home', 'ArrowUp', 'ArrowLeft');
    expect(await active(page)).toMatch(new RegExp(`^${sorted[0]} 2 `));
    await press(page, 'Space');
    expect(await page.locator('#grid').getAttribute('aria-colcount')).toBe('61');
    expect(await text(page, '#why .asked')).toBe('/tasks');
    await press(page, 'Space', 'Escape');
    expect(await page.locator('#why').isVisible()).toBe(false);
    expect(await page.locator('#grid').getAttribute('aria-colcount')).toBe('66');
    expect(faults).toEqual([]);
  });

  it('shows names as text, and no name runs or loads anything', async () => {
    const { page, faults } = await openExpanded(evilReport());
    const shown = [...evilNames].sort().map(escapeText);
    const drawn = await names(page);
    expect(drawn).toEqual(shown.slice(0, drawn.length));
    for (const name of shown) {
      await page.fill('#search', name);
      await press(page, 'Enter');
      const found = shown.find((one) => one.toLowerCase().includes(name.trim().toLowerCase()));
      expect(await text(page, '#why h2')).toBe(found);
      expect(await text(page, '#why dl')).toContain(`WriteData on`);
      expect(await text(page, '#why dl')).toContain(`Only through role${found}`);
    }
    await page.click('#view-groups');
    for (const name of shown) expect(await text(page, '#groups')).toContain(name);
    expect(faults).toEqual([]);
  });

  it('prints commands that a shell takes as they are, whatever the user and the database are called', async () => {
    const { page } = await openExpanded(evilReport());
    const sorted = [...evilNames].sort();
    const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
    const expectCommand = async (names: readonly string[], flags: readonly string[] = []): Promise<void> => {
      const { line } = commandLine('kapadmin user grant', names, flags);
      if (line === undefined) expect(await text(page, '#why')).toContain('No command: a name cannot be quoted');
      else expect(await text(page, '#why code')).toBe(line);
    };
    await page.focus('#grid');
    await press(page, 'Enter', 'Control+Home', 'End');
    await expectCommand([first, 'WriteData']);
    await press(page, 'ArrowLeft');
    await expectCommand([first, 'WriteData'], ['--db', last]);
    for (const name of sorted.slice(1)) {
      await press(page, 'ArrowDown');
      if (name === last) expect(await text(page, '#why .verdict')).toBe('allowed');
      else await expectCommand([name, 'WriteData'], ['--db', last]);
    }
    await page.fill('#search', '-rf');
    await press(page, 'Enter', 'Home');
    await expectCommand(['-rf', 'KapacitorAPI']);
    await press(page, 'End', 'ArrowLeft');
    await expectCommand(['-rf', 'WriteData'], ['--db', last]);
  });

  it('has a policy that stops what is not its own', async () => {
    const { page, faults } = await open(report);
    const ran = await page.evaluate<boolean>(`(async () => {
      const script = document.createElement('script');
      const image = document.createElement('img');
      try {
        script.textContent = 'globalThis.ran = true';
      } catch {}
      image.src = 'http://127.0.0.1:9/pixel';
      document.body.append(script, image);
      await fetch('http://127.0.0.1:9/').catch(() => {});
      return 'ran' in globalThis;
    })()`);
    expect(ran).toBe(false);
    await expect
      .poll(() => faults.filter((fault) => fault.startsWith('violation')).sort())
      .toEqual(expect.arrayContaining(['violation connect-src', 'violation img-src']));
  });

  it('is dark where the reader prefers it', async () => {
    const colors = async (colorScheme: 'dark' | 'light') => {
      const { page } = await open(report, { colorScheme });
      return page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    };
    expect([await colors('light'), await colors('dark')]).toEqual(['rgb(244, 246, 249)', 'rgb(14, 19, 26)']);
  });

  it('is read on a phone: nothing wider than the screen, filters that show that they scroll, the explanation as a sheet', async () => {
    const { page, faults } = await open(report, {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('#grid').getAttribute('aria-colcount')).toBe('18');
    await page.locator('#tools.more').waitFor();
    await page.evaluate(`document.getElementById('tools').scrollTo({ left: 9999 })`);
    await page.locator('#tools:not(.more)').waitFor();
    await page.locator('#grid .row').nth(9).locator('.cell').first().tap();
    const sheet = await page.locator('#why').boundingBox();
    expect(sheet?.width).toBe(390);
    const cell = await page.locator('#grid .cell.active').boundingBox();
    expect((cell?.y ?? 0) + (cell?.height ?? 0)).toBeLessThanOrEqual((sheet?.y ?? 0) + 8);
    await page.locator('#why .members button').first().tap();
    expect(await text(page, '#why .asked')).toBe('GET /tasks');
    await page.locator('#why .close').tap();
    expect(await page.locator('#why').isVisible()).toBe(false);
    expect(faults).toEqual([]);
  });

  it('prints all that was found, on pages of their own header', async () => {
    const { page } = await open(report);
    await page.fill('#search', 'ops');
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBeGreaterThan(5);
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('#print tbody tr').count()).toBe(400);
    expect(await page.locator('#print thead th').count()).toBe(18);
  });

  it('without its script still shows who may do what', async () => {
    const { page, faults } = await open(report, { javaScriptEnabled: false });
    expect(await page.locator('#tools').isVisible()).toBe(false);
    expect(await page.locator('#groups').isVisible()).toBe(true);
    expect(await page.locator('#groups tbody tr').count()).toBeGreaterThan(10);
    expect(await page.locator('#groups').innerText()).toContain('54 of 59 endpoints');
    expect(faults).toEqual([]);
  });

  it('makes the picture of the documentation where one is asked for', async () => {
    const { page } = await open(report);
    await page.fill('#search', '12');
    await page.locator('#grid .role[aria-colindex="13"]').first().click();
    const file = process.env['KAPADMIN_TEST_PICTURE'];
    const picture = await page.screenshot(file === undefined ? {} : { path: path.resolve(file) });
    expect(picture.length).toBeLessThan(200_000);
  });
}

function elsewhere(): void {
  it('is skipped: there is no Chromium here', () => {
    expect(isThere).toBe(false);
  });
}

const here = isThere ? { where: 'in a browser', tests: inBrowser } : { where: 'without a browser', tests: elsewhere };

describe.each([here])('the report $where', ({ tests }) => {
  tests();
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderWhy401 } from '../../.tools/docs/why-401.mjs';
import { root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { kapadmin } from '../flows/harness.js';
import { tell } from '../tell.js';
import { isThere, launch, openReport } from './chromium.js';
import { vectorQuestions } from './vector-questions.js';

const file = path.join(root, 'docs/why-401/index.html');

interface Verdict {
  readonly verdict: string;
  readonly status: string;
  readonly message: string;
}

/** Fills the fields by their ids; all others are emptied. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(`(() => {
    const values = ${JSON.stringify(fields)};
    const all = document.querySelectorAll('main :is(input, textarea, select):not([type=range])');
    for (const field of all) {
      const value = values[field.id];
      if (field.type === 'checkbox') field.checked = value !== undefined;
      else if (field.tagName !== 'SELECT') field.value = value ?? '';
      else if (value !== undefined) field.value = value;
    }
    document.documentElement.dataset.state = 'busy';
    all[0].dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  await settle(page);
}

async function settle(page: Page): Promise<void> {
  await page.locator('html[data-state=done]').waitFor();
}

function verdict(page: Page): Promise<Verdict> {
  return page.evaluate<Verdict>(`(({ verdict, status, message }) => ({ verdict, status, message }))(
    document.getElementById('verdict').dataset
  )`);
}

async function text(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? '';
}

function inBrowser(): void {
  let browser: Browser;
  const html = readFileSync(file, 'utf8');
  const open = async (options: BrowserContextOptions = {}) => {
    const opened = await openReport(browser, html, options);
    await settle(opened.page);
    return opened;
  };
  const example = async (page: Page, name: string): Promise<void> => {
    await page.click(`[data-example=${name}]`);
    await settle(page);
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

  it('gives the verdicts that the program gives for the vectors', { timeout: 240_000 }, async () => {
    const questions = await vectorQuestions();
    const files = Object.fromEntries(questions.map(({ scenario }, i) => [`${i}.json`, JSON.stringify(scenario)]));
    const folder = makeFolder(files);
    const paths = questions.map((_, i) => path.join(folder, `${i}.json`));
    const { stdout } = await kapadmin(['auth', 'test', '--scenario', ...paths, '-o', 'json']);
    const { scenarios } = JSON.parse(stdout) as {
      scenarios: {
        name: string;
        starts: boolean;
        message: string | null;
        steps: { verdict: string; status: number | null; message: string | null }[];
      }[];
    };
    const { page, faults } = await open();
    // The page waits after each key whether another one follows; here none does.
    await page.evaluate('{ const later = setTimeout; globalThis.setTimeout = (work) => later(work, 0); }');
    let [compared, starts] = [0, 0];
    for (const [i, { scenario, fields }] of questions.entries()) {
      const program = scenarios[i];
      await fill(page, fields);
      const shown = await verdict(page);
      if (program?.starts === false) {
        // A page reads no certificates.
        if (/TLS|No such file|no such file/.test(program.message ?? '')) continue;
        expect({ name: scenario.name, title: await text(page, '#message') }).toEqual({
          name: scenario.name,
          title: 'Kapacitor does not start',
        });
        continue;
      }
      const last = program?.steps.at(-1);
      expect({ name: scenario.name, ...shown }).toEqual({
        name: scenario.name,
        verdict: last?.verdict,
        status: String(last?.status ?? ''),
        message: last?.message ?? '',
      });
      compared += 1;
      if (fields['earlier'] !== undefined) starts += 1;
    }
    expect(compared).toBeGreaterThan(60);
    expect(starts).toBeGreaterThan(10);
    expect(faults).toEqual([]);
    tell(
      `browser: docs/why-401 gave the program's verdict for ${compared} requests of the vectors, ${starts} of them over time`,
    );
  });

  it('names the check that fails, and the command that fixes it', async () => {
    const { page, faults } = await open();
    expect(await verdict(page)).toEqual({ verdict: 'deny', status: '401', message: 'authorization failed' });
    expect(await text(page, '.why')).toContain('the password does not match the hash of johndoe');
    expect(await page.locator('#trace .fail').count()).toBe(1);
    await example(page, 'permission');
    expect(await text(page, '#message')).toContain('403 user johndoe does not have "read" privilege');
    expect(await text(page, '#verdict code')).toBe('kapadmin user grant johndoe KapacitorConfigAPI');
    await page.fill('#config', '[auth]\n  enabled = true\n');
    await settle(page);
    expect(await text(page, '#message')).toBe('Kapacitor does not start');
    expect(await text(page, '.why')).toContain('must provide a bcrypt cost');
    expect(faults).toEqual([]);
  });

  it('moves through the time of both caches', async () => {
    const { page, faults } = await open();
    expect(await page.locator('#time').isVisible()).toBe(false);
    await example(page, 'cache');
    expect(await page.locator('#segments li').allTextContents()).toEqual([
      '0s to 2mallowedthe earlier login',
      '2m to 10mallowedthe record changes',
      '10m to 1hallowedthe user record expires',
      '1h to 1h10m401 authorization failedthe password cache expires',
    ]);
    expect(await text(page, '.warning')).toContain('accepted from the password cache');
    await page.fill('#at', '59m59s');
    await settle(page);
    expect((await verdict(page)).verdict).toBe('allow');
    await page.locator('#slider').focus();
    await page.keyboard.press('End');
    await settle(page);
    expect(await page.inputValue('#at')).toBe('1h10m');
    expect((await verdict(page)).status).toBe('401');
    await page.keyboard.press('Home');
    await settle(page);
    expect((await verdict(page)).verdict).toBe('allow');
    await page.locator('#segments button').last().click();
    await settle(page);
    expect(await page.inputValue('#at')).toBe('1h');
    expect((await verdict(page)).status).toBe('401');
    await page.fill('#at', 'soon');
    await settle(page);
    expect(await text(page, '.why')).toContain('"soon" is not a duration');
    expect(faults).toEqual([]);
  });

  it('sends nothing, stores nothing, and leaves nothing in its address', async () => {
    const { page, faults } = await open();
    const before = page.url();
    for (const name of ['permission', 'cache', 'clear', 'password']) await example(page, name);
    await page.fill('#password', 'A-secret-4711');
    await settle(page);
    expect(page.url()).toBe(before);
    const stored = await page.evaluate<unknown>(`(async () => [
      localStorage.length, sessionStorage.length, document.cookie, history.length, history.state,
      (await indexedDB.databases()).length, (await caches.keys().catch(() => [])).length,
    ])()`);
    expect(stored).toEqual([0, 0, '', 2, null, 0, 0]);
    const fields = 'main :is(input, textarea, select)';
    expect(await page.locator(fields).count()).toBeGreaterThan(15);
    expect(await page.locator(`${fields}:is([name], :not([autocomplete=off]))`).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('has a policy that stops what is not its own', async () => {
    const { page, faults } = await open();
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
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^' ]+'; script-src 'sha256-[^' ]+'; /);
    expect(policy).not.toContain('unsafe');
  });

  it('shows what is pasted as text, with what hides made visible', async () => {
    const { page, faults } = await open();
    const evil = '</p><img src=x onerror=alert(1)>\u202egnp.exe\u0007';
    const record = JSON.stringify({ users: [{ name: evil, hash: 'no hash', permissions: { [evil]: [evil] } }] });
    const config = await page.inputValue('#config');
    await fill(page, {
      config,
      path: '/kapacitor/v1/tasks',
      user: evil,
      password: evil,
      record,
      env: `KAPACITOR_${evil}=1`,
    });
    const shown = await text(page, '#outcome');
    expect(shown).toContain('<img src=x');
    expect(shown).toContain('\\u202egnp.exe');
    expect(shown).not.toMatch(/[\u202e\u0007]/);
    await fill(page, { config: `[http]\nauth-enabled = "${evil}`, path: '/', user: 'x' });
    expect(await text(page, '#message')).toBe('Kapacitor does not start');
    expect(await page.locator('#outcome img, #outcome script').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('says what it cannot read or compute', async () => {
    const { page } = await open();
    const config = await page.inputValue('#config');
    await example(page, 'clear');
    expect(await text(page, '.why')).toContain('Paste a kapacitor.conf');
    const base = { config, path: '/', user: 'x', password: 'y' };
    await fill(page, { ...base, record: '{"name":"johndoe"}', env: 'services:\n  x: y' });
    expect(await text(page, '#record-note')).toContain('GET /user returns {"users": [...]}');
    expect(await text(page, '#env-note')).toContain('compose');
    await fill(page, { ...base, record: JSON.stringify({ users: [{ name: 'x', hash: `$2a$31$${'a'.repeat(53)}` }] }) });
    expect(await text(page, '.why')).toContain('The hash has cost 31');
    await fill(page, { ...base, record: JSON.stringify({ users: [{ name: 'x', hash: '' }] }) });
    expect(await page.locator('#ldap-field').isVisible()).toBe(true);
  });

  it('is used by the keyboard alone', async () => {
    const { page } = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await settle(page);
    expect((await verdict(page)).status).toBe('403');
    const reached = new Set<string>();
    for (let i = 0; i < 25; i++) {
      reached.add(await page.evaluate<string>('document.activeElement.id'));
      await page.keyboard.press('Tab');
    }
    for (const id of [
      'method',
      'path',
      'user',
      'password',
      'reveal',
      'version',
      'config',
      'answer',
      'record',
      'earlier',
    ]) {
      expect(reached).toContain(id);
    }
    await page.focus('#password');
    await page.locator('#reveal').press('Space');
    expect(await page.getAttribute('#password', 'type')).toBe('text');
    expect(await page.getAttribute('#reveal', 'aria-pressed')).toBe('true');
  });

  it('fits a phone, where the verdict is always in sight', async () => {
    const { page, faults } = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    for (const name of ['password', 'permission', 'cache']) {
      await example(page, name);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    }
    expect(await page.locator('#bar').isVisible()).toBe(true);
    await page.locator('#bar').tap();
    await expect
      .poll(() => page.evaluate<number>(`document.getElementById('outcome').getBoundingClientRect().top`))
      .toBeLessThan(60);
    expect(faults).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has colours that one can read in its %s form', async (colorScheme) => {
    const { page } = await open({ colorScheme });
    await example(page, 'cache');
    const worst = await page.evaluate<number>(`(() => {
      const luminance = (color) => {
        const [r, g, b] = color.match(/\\d+/g).map((part) => {
          const share = part / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return color === 'rgba(0, 0, 0, 0)' ? behind(element.parentElement) : color;
      };
      const shown = [...document.querySelectorAll('main :is(p, b, span, small, label, button, i:not(#strip i), input)')];
      return Math.min(...shown.map((element) => {
        const [a, b] = [getComputedStyle(element).color, behind(element)].map(luminance).sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      }));
    })()`);
    expect(worst).toBeGreaterThan(4.5);
  });

  it('makes the picture of the documentation where one is asked for', async () => {
    const { page } = await open({ viewport: { width: 1280, height: 800 } });
    await example(page, 'cache');
    await page.locator('#segments button').last().click();
    await settle(page);
    await page.evaluate('document.activeElement.blur()');
    const target = process.env['KAPADMIN_TEST_PICTURE_401'];
    const picture = await page.screenshot(target === undefined ? {} : { path: path.resolve(target) });
    expect(picture.length).toBeLessThan(200_000);
  });
}

function elsewhere(): void {
  it('is skipped: there is no Chromium here', () => {
    expect(isThere).toBe(false);
  });
}

const here = isThere ? { where: 'in a browser', tests: inBrowser } : { where: 'without a browser', tests: elsewhere };

describe.each([here])('docs/why-401 $where', ({ tests }) => {
  tests();
});

describe('docs/why-401/index.html', () => {
  it('is what its sources make, in at most 400 kB, and refers to nothing', async () => {
    const html = readFileSync(file, 'utf8');
    expect(html === (await renderWhy401()), 'run npm run docs').toBe(true);
    expect(html.length).toBeLessThan(400_000);
    expect(html.match(/\b(?:src|href)\s*=\s*["'][^"']*["']/g)).toEqual(['href="#outcome"']);
  });
});

// docs/matrix.png: the HTML of `auth matrix` for a small cluster, in Chromium: `node .tools/matrix-picture.mjs`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { Session } from './docs/session.mjs';
import { ensureBuilt, root } from './fresh.mjs';

const permissions = {
  'anna.ops': { '': ['KapacitorAPI', 'KapacitorConfigAPI'] },
  'ben.platform': { '': ['KapacitorAPI'] },
  'carla.grid': { '': ['KapacitorAPI'], telegraf: ['WriteData'] },
  'dario.billing': { billing: ['ReadData', 'WriteData'] },
  'elena.ops': {},
  'felix.sensors': { sensors: ['WriteData'] },
  'greta.grid': { telegraf: ['ReadData'] },
  'hugo.platform': { '': ['KapacitorAPI'] },
  'ines.ops': {},
  'jonas.billing': { billing: ['ReadData'] },
  'karim.sensors': { sensors: ['ReadData', 'WriteData'] },
  telegraf: { telegraf: ['WriteData'] },
};

const seed = {
  credentials: { username: 'admin', password: 'changeit' },
  users: Object.entries(permissions).map(([name, own]) => ({ name, password: 'changeit', permissions: own })),
  roles: [{ name: 'operators', permissions: { '': ['KapacitorAPI'] }, users: ['elena.ops', 'ines.ops'] }],
};

async function reportHtml() {
  const session = new Session();
  try {
    session.writeFile('seed.json', JSON.stringify(seed));
    await session.startSandbox('kapadmin sandbox --seed seed.json --bcrypt-cost 4');
    const [{ code, output }] = await session.run(['kapadmin auth matrix -o html --out access.html']);
    if (code !== 0) throw new Error(output);
    return readFileSync(path.join(session.home, 'access.html'), 'utf8');
  } finally {
    await session.end();
  }
}

await ensureBuilt();
const html = await reportHtml();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 660 } });
await page.setContent(html);
await page.getByRole('row', { name: 'elena.ops' }).getByRole('gridcell').nth(1).click();
await page.screenshot({ path: path.join(root, 'docs/matrix.png') });
await browser.close();

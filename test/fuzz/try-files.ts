import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { fastClock } from '../meta/clients.js';
import type { Ran } from '../run.js';
import { oversized, senseless, unreadable, type BadFile } from './bad-files.js';
import { filePlaces, type FilePlace } from './file-places.js';
import { fileRules } from './file-rules.js';
import { guardedFiles } from './guarded-files.js';
import { faultsOf } from './clean-exit.js';
import type { StillMeta } from './meta.js';

const files = {
  'work/state.yaml': 'users:\n  joe:\n    permissions: { "": [KapacitorConfigAPI] }\n',
  'work/kapacitor.conf': 'data_dir = "/var/lib/kapacitor"\n[http]\nauth-enabled = true\n',
};
/** Milliseconds after which a command is interrupted: one that only ends so is too slow, but for a sandbox. */
const patience = 10_000;
const sandboxPatience = 150;

function envOf({ env = {}, name }: FilePlace, url: string): Record<string, string> {
  const isProof = /--meta-(password|secret)|META_(PASSWORD|SECRET)|File of a profile/.test(name);
  const proof = isProof ? {} : { KAPADMIN_META_PASSWORD: 'changeit-0815' };
  const standing = {
    KAPADMIN_META_URL: url,
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_RETRIES: '0',
    KAPADMIN_WAIT: '0',
  };
  return { ...standing, ...proof, ...env };
}

/** How a command ends with a bad file in a place. */
async function runWith(bad: BadFile, place: FilePlace, meta: StillMeta): Promise<Ran> {
  meta.forget();
  const texts = Object.entries({ ...files, ...place.files }).filter(([name]) => name !== place.file);
  const home = makeFolder(Object.fromEntries(texts.map(([name, text]) => [name, text.replace('URL', meta.url)])));
  const file = path.join(home, place.file);
  mkdirSync(path.dirname(file), { recursive: true });
  await bad.make(file);
  const isSandbox = place.words[0] === 'sandbox';
  const context = makeTestContext({
    cwd: path.join(home, 'work'),
    home,
    env: envOf(place, meta.url),
    files: guardedFiles(home),
    ...(isSandbox ? {} : { clock: fastClock(Date.now()) }),
    ...(place.isStdin === true ? { stdin: readFileSync(file) } : {}),
  });
  const stop = setTimeout(() => context.interrupt(), isSandbox ? sandboxPatience : patience);
  const code = await run(place.words, context);
  clearTimeout(stop);
  return { code, stdout: context.stdout(), stderr: context.stderr() };
}

/** What is wrong with the end of a command with a bad file in a place. */
async function faultsWith(bad: BadFile, place: FilePlace, meta: StillMeta): Promise<readonly string[]> {
  const wanted = fileRules.get(place.name);
  if (wanted === undefined) return [`unknown rule for ${place.name}`];
  const ran = await runWith(bad, place, meta);
  const faults = [...faultsOf(ran)];
  const code = wanted.but.get(bad.name) ?? wanted.code;
  if (ran.code !== code) faults.push(`exit code ${ran.code}, not ${code}`);
  const names = [path.basename(place.file), ...(place.also ?? [])];
  if (ran.code === 2 && !names.some((name) => ran.stderr.includes(name))) faults.push('it does not name the file');
  if (oversized.includes(bad) && ran.code === 2 && !/the limit is \d+/.test(ran.stderr))
    faults.push('no limit is named');
  const sent = wanted.reads ? meta.asked.filter((request) => !request.startsWith('GET')) : meta.asked;
  if (ran.code === 2 && sent.length > 0) faults.push(`it sent ${sent.join(', ')}`);
  return faults.map((fault) => `${bad.name}: ${fault}: ${ran.stderr.slice(0, 300)}`);
}

/** The bad files that can lie in a place. */
function badFilesFor({ isStdin = false }: FilePlace): readonly BadFile[] {
  return isStdin ? senseless : [...unreadable, ...oversized, ...senseless];
}

/** What goes wrong with one in so many of the bad files in a place. */
export async function tryFiles(place: FilePlace, share: number, meta: StillMeta): Promise<readonly string[]> {
  const faults: string[] = [];
  const some = badFilesFor(place).filter((_, i) => (i + filePlaces.indexOf(place)) % share === 0);
  for (const bad of some) faults.push(...(await faultsWith(bad, place, meta)));
  return faults;
}

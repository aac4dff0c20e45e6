import { escapeText, quoteName } from '../../src/model/text.js';
import { run } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { guardedFiles } from './guarded-files.js';
import { faultsOf } from './clean-exit.js';
import { globalSlots, type Slot, slots } from './lines.js';
import type { StillMeta } from './meta.js';
import { type Rule, rules } from './slot-rules.js';
import { texts } from './texts.js';

export interface Place {
  readonly name: string;
  readonly slot: Slot;
  readonly i: number;
}

/** Every place of a value on every command line. */
export const places: readonly Place[] = [...slots, ...globalSlots].map((slot, i) => {
  return { name: `${slot.words} ${slot.at}`.trim(), slot, i };
});

const files = {
  'state.yaml': 'users:\n  joe:\n    permissions: { "": [KapacitorConfigAPI] }\n',
  'kapacitor.conf': 'data_dir = "/var/lib/kapacitor"\n[http]\nauth-enabled = true\n',
  '.config/kapadmin/config.yaml': 'profiles: { lab: { url: http://127.0.0.1:9 } }\n',
};
/** What names a fault without the text in which it is. */
const sayings = /the name of a (user|role)|unknown fault|over its limit|exceed the limit/;
/** Milliseconds after which a command is interrupted: one that only ends so is too slow, but for a sandbox. */
const patience = 10_000;
const sandboxPatience = 150;

async function faultsFor(slot: Slot, label: string, text: string, rule: Rule, folder: string, meta: StillMeta) {
  meta.forget();
  const env = {
    KAPADMIN_META_URL: meta.url,
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit-0815',
    KAPADMIN_RETRIES: '0',
    KAPADMIN_WAIT: '0',
  };
  const context = makeTestContext({ cwd: folder, home: folder, env, files: guardedFiles(folder) });
  const stop = setTimeout(() => context.interrupt(), slot.words === 'sandbox' ? sandboxPatience : patience);
  const code = await run(slot.line(text), context);
  clearTimeout(stop);
  const ran = { code, stdout: context.stdout(), stderr: context.stderr() };
  const wanted = rule.but.get(label) ?? rule.code;
  const faults = [...faultsOf(ran)];
  if (code !== wanted) faults.push(`exit code ${code}, not ${wanted}`);
  const shown = escapeText(text).trim();
  const hints = [
    shown.slice(0, 12),
    quoteName(shown).slice(1, 13),
    shown.slice(-6),
    slot.at.replaceAll(/[<>]/g, '').replace('--meta-', ''),
  ];
  const isNamed = hints.some((hint) => ran.stderr.includes(hint)) || sayings.test(ran.stderr);
  if ([2, 5].includes(code) && !isNamed) faults.push('it does not say what is wrong');
  const sent = rule.reads ? meta.asked.filter((request) => !request.startsWith('GET')) : meta.asked;
  if (code === 2 && sent.length > 0) faults.push(`it sent ${sent.join(', ')}`);
  return faults.map((fault) => `${label}: ${fault}: ${ran.stderr.slice(0, 300)}`);
}

/** What goes wrong with one text in so many at a place, and with each that its rule names. */
export async function tryPlace({ name, slot, i }: Place, share: number, meta: StillMeta): Promise<readonly string[]> {
  const rule = rules.get(name);
  if (rule === undefined) return [`unknown rule for ${name}`];
  const folder = makeFolder(files);
  const faults: string[] = [];
  for (const [at, [label, text]] of [...texts].entries()) {
    if (!rule.but.has(label) && (at + i) % share !== 0) continue;
    faults.push(...(await faultsFor(slot, label, text, rule, folder, meta)));
  }
  return faults;
}

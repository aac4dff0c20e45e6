import { isListSection } from './daemon-sections.js';
import { goTypes } from './decode.js';
import { folded } from './known.js';
import { parseDocument } from './toml/parse.js';
import { defaultVersion } from '../../model/kapacitor-versions.js';
import type { Slot } from './toml/value.js';
import { quoteText } from '../../go-compat/strconv.js';

/** What the daemon says to a part of the file beside [http] and [auth]. */
export interface WholeFileFault {
  readonly is: 'section-not-list' | 'data-dir-missing';
  readonly message: string;
  readonly line?: number;
}

const hint = 'To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.';

function slotsOf(file: string | Uint8Array): ReadonlyMap<string, Slot> | undefined {
  const { root, fault } = parseDocument(file, defaultVersion);
  return fault === undefined && root.holder.type === 'table' ? root.holder.slots : undefined;
}

function mismatch(name: string, { key, value }: Slot, wanted: string): string {
  const types = `TOML value has type ${goTypes[value.type]}; destination has type ${wanted}`;
  return `parse config: toml: line ${key.line} (last key ${quoteText(name)}): incompatible types: ${types}`;
}

/**
 * What stops the daemon in the rest of a file (server/config.go): a list section such as `[[influxdb]]` that is written
 * as a table, no `data_dir`, an empty `hostname`. Only for a file that is there: without one the daemon has defaults.
 * In the order in which the daemon tells them. Scenarios and vectors do not judge it.
 */
export function wholeFileFaults(
  file: string | Uint8Array,
  env: ReadonlyMap<string, string>,
): readonly WholeFileFault[] {
  const slots = slotsOf(file);
  if (slots === undefined) return [];
  const faults: WholeFileFault[] = [];
  for (const [name, slot] of slots) {
    const isList = slot.value.type === 'tables' || slot.value.type === 'array';
    if (isListSection(name) && !isList) {
      faults.push({ is: 'section-not-list', message: mismatch(name, slot, 'slice'), line: slot.key.line });
    }
  }
  const written = new Map([...slots].map(([name, slot]) => [folded(name), slot] as const));
  const isEmpty = (key: string, standard: string): boolean => {
    const value = written.get(key)?.value;
    const text = value === undefined ? standard : value.type === 'string' ? value.value : '?';
    return (env.get(`KAPACITOR_${key.toUpperCase()}`) || text) === '';
  };
  const invalid = (what: string): WholeFileFault => ({
    is: 'data-dir-missing',
    message: `create server: invalid configuration: must configure valid ${what}. ${hint}`,
  });
  if (isEmpty('hostname', 'localhost')) faults.push(invalid('hostname'));
  if (isEmpty('data_dir', '')) faults.push(invalid('data dir'));
  return faults;
}

import {
  fields,
  variableOf,
  type Configuration,
  type Field,
  type Section,
} from '../../../kapacitor/configuration/index.js';
import { Secret } from '../../../model/secret.js';
import { escapeControls, excerpt } from '../../../model/text.js';
import { finding, type Finding } from '../finding.js';
import { variablePlace } from './facts.js';
import type { ConfigInput } from './input.js';
import { readLeniently } from './lenient.js';
import { isDistinctive, meantField, sectionWith } from './meant.js';

interface Known {
  readonly section: Section;
  readonly name: string;
  readonly field: Field;
}

const known: ReadonlyMap<string, Known> = new Map(
  (['http', 'auth'] as const).flatMap((section) =>
    Object.entries<Field>(fields[section]).map(([name, field]) => [
      variableOf(section, field),
      { section, name, field },
    ]),
  ),
);

/** A field of services/httpd/config.go that only a variable can set. */
const compression = 'KAPACITOR_HTTP__';

/** The variable that a misspelt one means; `isOurs`: it is one of [http] or [auth] at any rate. */
function meantVariable(name: string): { readonly meant: string | undefined; readonly isOurs: boolean } {
  const upper = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  if (known.has(upper)) return { meant: upper, isOurs: true };
  const [, word, rest = ''] = /^KAPACITOR_(HTTP|AUTH)_(.*)$/.exec(upper) ?? [];
  const key = rest.toLowerCase().replaceAll('_', '-');
  if (word !== undefined) {
    const section = word === 'HTTP' ? 'http' : 'auth';
    const field = meantField(section, key);
    return { meant: field === undefined ? undefined : variableOf(section, field), isOurs: true };
  }
  const bare = upper
    .replace(/^KAPACITOR_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
  const section = isDistinctive(bare) ? sectionWith(bare) : undefined;
  const field = section === undefined ? undefined : meantField(section, bare);
  if (section === undefined || field === undefined) return { meant: undefined, isOurs: false };
  return { meant: variableOf(section, field), isOurs: true };
}

function strange(input: ConfigInput, name: string, line: number | undefined, isDropped: boolean): readonly Finding[] {
  const { meant, isOurs } = meantVariable(name);
  if (!isOurs || (!isDropped && name === compression)) return [];
  const shown = excerpt(name, 80);
  const lost = isDropped ? ' systemd does not pass it on.' : '';
  const from = input.environment.from;
  const place = { in: 'environment', variable: name, from, ...(line === undefined ? {} : { line }) } as const;
  if (meant === undefined)
    return [finding('unknown-variable', `${shown} is no variable of the daemon.${lost}`, { place })];
  if (meant === name)
    return [finding('variable-dropped', `The value of ${shown} holds control characters.`, { place })];
  const fact = `${shown}: did you mean ${meant}?${lost}`;
  const mends = [{ what: `Set in ${escapeControls(from)}`, setting: `${meant}=...` }];
  return [finding('misspelt-variable', fact, { place, mends })];
}

/** What is wrong with the names of the variables. */
export function variableFindings(input: ConfigInput): readonly Finding[] {
  const { variables, dropped, file } = input.environment;
  const set = [...variables].flatMap(([name, value]): readonly Finding[] => {
    if (!known.has(name)) return strange(input, name, file?.lines.get(name), false);
    if (value !== '') return [];
    return [finding('variable-empty', `${name} is set to nothing.`, { place: variablePlace(input, name) })];
  });
  return [...set, ...dropped.flatMap(({ name, line }) => strange(input, name, line, true))];
}

function plain(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

type Settings = Readonly<Record<string, { readonly value: unknown; readonly origin: { from: string; line?: number } }>>;

/** The variables that win over another value of the file; none where the file cannot be read. */
export function overriding(input: ConfigInput, used: Configuration): readonly Finding[] {
  if (![...known.keys()].some((variable) => input.environment.variables.has(variable))) return [];
  const alone = readLeniently(input.file?.content ?? '', new Map()).configuration;
  if (alone === undefined) return [];
  return [...known].flatMap(([variable, { section, name, field }]): Finding[] => {
    const here = (alone[section] as Settings)[name];
    const there = (used[section] as Settings)[name];
    if (there?.origin.from !== 'environment' || here?.origin.from !== 'file') return [];
    if (plain(here.value) === plain(there.value)) return [];
    const fact = `${variable} wins over line ${here.origin.line} of the file, [${section}] ${field.key}.`;
    return [finding('overridden', fact, { place: variablePlace(input, variable) })];
  });
}

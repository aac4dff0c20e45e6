import { type Configuration, type Field, fields, type Section, variableOf } from '../../../kapacitor-config/fields.js';
import { isServiceVariable } from '../../../kapacitor-config/other-sections.js';
import { Secret } from '../../../model/secret.js';
import { excerpt } from '../../../model/text.js';
import { type DroppedLine, isVariableName } from '../../../kapacitor-config/environment-formats.js';
import { readEnvironmentLines, type Renaming } from '../../../kapacitor-config/environment-file.js';
import type { Mend } from '../../../diagnostics/fix.js';
import { finding, type Finding, type Place } from '../../../diagnostics/finding.js';
import type { ConfigFinding } from './check.js';
import { variablePlace } from './facts.js';
import { type ConfigInput, lineAsRead } from './input.js';
import { readLeniently } from './lenient.js';
import { isDistinctive, meantField, sectionWith } from './meant.js';
import { withTrial } from './mends.js';

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

/** The file that only systemd and the init script read. */
const systemFile = '/etc/default/kapacitor';

/** Variables of programs that talk to Kapacitor, and of what starts it, by who reads them. */
const ofOthers: ReadonlyMap<string, string> = new Map([
  ['KAPACITOR_URL', 'the kapacitor program and Chronograf'],
  ['KAPACITOR_UNSAFE_SSL', 'the kapacitor program'],
  ['KAPACITOR_USERNAME', 'Chronograf'],
  ['KAPACITOR_PASSWORD', 'Chronograf'],
]);

/** Who reads a variable that is not the daemon's own; undefined where nobody is known to. */
export function readerOf(variable: string): string | undefined {
  return ofOthers.get(variable);
}

function environmentPlace({ environment }: ConfigInput, variable: string, line: number | undefined): Place {
  return { in: 'environment', variable, from: environment.from, ...(line === undefined ? {} : { line }) };
}

/** Another name for a variable, unless that one has a value. */
function renameMend({ environment: { variables, others, from } }: ConfigInput, name: string, meant: string): Mend {
  const value = (variables.get(meant) ?? '') === '' ? others.get(name) : undefined;
  const trial = value === undefined ? undefined : { variables: new Map([[meant, value]]), without: name };
  return withTrial({ what: `Rename ${excerpt(name, 80)} in ${from} to`, setting: meant }, trial);
}

/** What becomes of a line with a name that no variable can have. */
function lossOf({ environment: { file } }: ConfigInput): string {
  if (file?.form === 'docker') return ' docker refuses the file.';
  return file?.form === 'compose' ? '' : ' systemd does not pass it on.';
}

function strange(input: ConfigInput, name: string, line: number | undefined, isDropped: boolean): readonly Finding[] {
  const place = environmentPlace(input, name, line);
  if (readerOf(name) !== undefined) return [];
  const { meant, isOurs } = meantVariable(name);
  if (!isOurs || (!isDropped && isServiceVariable(name))) return [];
  const shown = excerpt(name, 80);
  const lost = isDropped ? lossOf(input) : '';
  if (meant === undefined)
    return [finding('unknown-variable', `${shown} is no variable of the daemon.${lost}`, { place })];
  const fact = `${shown}: did you mean ${meant}?${lost}`;
  const mends = isDropped
    ? [{ what: `Rename it to ${meant} in ${input.environment.from}` }]
    : [renameMend(input, name, meant)];
  return [finding('misspelt-variable', fact, { place, mends })];
}

function isExport({ why }: DroppedLine): boolean {
  return why === 'export';
}

/** Whether the value of a dropped line is known: a compose file is not read a second time. */
function isReadable({ environment: { file } }: ConfigInput, { value }: DroppedLine): boolean {
  return file?.form !== 'compose' || value !== undefined;
}

/** The lines of the file of variables that have the word `export`. */
export function exportedLines(input: ConfigInput): readonly Renaming[] {
  const { dropped, file } = input.environment;
  if (file === undefined) return [];
  const known = dropped.filter((one) => isExport(one) && isReadable(input, one));
  return known.map(({ name, line }) => ({ line, name, to: name }));
}

/** The lines of the file of variables whose name no variable can have, and that mean one that is not set. */
export function misspeltLines(input: ConfigInput): readonly Renaming[] {
  const { dropped, file, others, variables } = input.environment;
  if (file === undefined) return [];
  const lost = dropped.filter((one) => one.why === 'name' && isReadable(input, one));
  const passed = [...others.keys()].flatMap((name) => {
    const line = file.lines.get(name);
    return line === undefined || isVariableName(name) ? [] : [{ name, line }];
  });
  const all = [...lost, ...passed].flatMap(({ name, line }): Renaming[] => {
    const { meant } = meantVariable(name);
    if (meant === undefined || !/^[\w.-]+$/.test(name)) return [];
    // A secret under a name that does not tell it would show in the change.
    const isHidden = known.get(meant)?.field.isSecret !== true || /PASSWORD|SECRET/i.test(name);
    return isHidden ? [{ line, name, to: meant }] : [];
  });
  const set = [...variables.keys(), ...dropped.map(({ name }) => name), ...all.map(({ to }) => to)];
  return all.filter(({ to }) => set.indexOf(to) === set.lastIndexOf(to));
}

function fateOfExport({ environment: { file } }: ConfigInput): string {
  if (file?.form === 'docker') return 'docker refuses the file';
  return file?.form === 'compose' ? 'docker takes it for a part of the name' : 'systemd ignores the line';
}

function droppedFinding(input: ConfigInput, { name, line, why }: DroppedLine): readonly Finding[] {
  const place = environmentPlace(input, name, line);
  const shown = excerpt(name, 80);
  switch (why) {
    case 'name':
      return strange(input, name, line, true);
    case 'export':
      return [finding('variable-dropped', `Line ${line} begins with "export": ${fateOfExport(input)}.`, { place })];
    case 'control-characters':
      return [finding('variable-dropped', `The value of ${shown} holds control characters.`, { place })];
    case 'no-assignment':
      return [finding('line-ignored', `Line ${line} is no NAME=VALUE: ignored.`, { place })];
    case 'from-shell':
      return [finding('variable-from-shell', `Line ${line} takes ${shown} from the shell of docker.`, { place })];
  }
}

/** What is wrong with the names of the variables. */
export function variableFindings(input: ConfigInput): readonly ConfigFinding[] {
  const { variables, others, dropped, file } = input.environment;
  const empty = [...variables].flatMap(([name, value]): readonly Finding[] => {
    if (!known.has(name) || value !== '') return [];
    return [finding('variable-empty', `${name} is set to nothing.`, { place: variablePlace(input, name) })];
  });
  return [
    ...empty.map((one) => ({ finding: one })),
    ...[...others.keys()].flatMap((name) =>
      strange(input, name, file?.lines.get(name), false).map((one) => ({ finding: one })),
    ),
    ...dropped.flatMap((line) => droppedFinding(input, line).map((one) => ({ finding: one }))),
  ];
}

function plain(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

type Settings = Readonly<Record<string, { readonly value: unknown; readonly origin: { from: string; line?: number } }>>;

/** What is good to know of the variables and is no fault of theirs, in sentences. */
export function variableNotes({ environment }: ConfigInput): readonly string[] {
  const { others, from, file } = environment;
  const ofClients = [...others.keys()].flatMap((name) => {
    const reader = readerOf(name);
    return reader === undefined ? [] : [`${name} is read by ${reader}, not by the daemon.`];
  });
  if (file?.form !== 'systemd' || from === systemFile) return ofClients;
  const quoted = readEnvironmentLines(file.text, 'docker').assignments.filter(
    ({ name, value }) => environment.variables.has(name) && /^(["']).*\1$/.test(value),
  );
  const [first] = quoted;
  if (first === undefined) return ofClients;
  const what = quoted.length === 1 ? `the value of ${first.name}` : `${quoted.length} values`;
  const told = `systemd removes the quotes around ${what}; docker run --env-file keeps them (--env-format docker).`;
  return [...ofClients, told];
}

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
    const fact = `${variable} wins over line ${lineAsRead(input, here.origin.line ?? 0)} of the file, [${section}] ${field.key}.`;
    return [finding('overridden', fact, { place: variablePlace(input, variable) })];
  });
}

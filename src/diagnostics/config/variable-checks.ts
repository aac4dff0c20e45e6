import {
  type Configuration,
  fieldOfVariable,
  isServiceVariable,
  variableName,
  type VariableRenaming,
} from '../../kapacitor-config/fields.js';
import { Secret } from '../../model/secret.js';
import { excerpt, nearest } from '../../model/text.js';
import { type IgnoredLine, readEnvironmentLines } from '../../kapacitor-config/environment-formats.js';
import { finding, type Finding, type FindingLocation, type Fix } from '../finding.js';
import { type ConfigFinding, type ConfigInput, originalLine, tooNewFact, variableLocation } from './facts.js';
import { parseLeniently } from './lenient-parse.js';
import { isDistinctive, sectionOfKey, suggestField } from './spelling.js';
import { withTrial } from './fixes.js';

/** The variable that a misspelt one means; `isOurs`: it is one of [http] or [auth] at any rate. */
function suggestVariable(name: string): { readonly meant: string | undefined; readonly isOurs: boolean } {
  const upper = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  if (fieldOfVariable.has(upper)) return { meant: upper, isOurs: true };
  const [, word, rest = ''] = /^KAPACITOR_(HTTP|AUTH)_(.*)$/.exec(upper) ?? [];
  const key = rest.toLowerCase().replaceAll('_', '-');
  if (word !== undefined) {
    const section = word === 'HTTP' ? 'http' : 'auth';
    const field = suggestField(section, key);
    return { meant: field === undefined ? undefined : variableName(section, field), isOurs: true };
  }
  const bare = upper
    .replace(/^KAPACITOR_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
  const section = isDistinctive(bare) ? sectionOfKey(bare) : undefined;
  const field = section === undefined ? undefined : suggestField(section, bare);
  if (section === undefined || field === undefined) return { meant: undefined, isOurs: false };
  return { meant: variableName(section, field), isOurs: true };
}

/** The nearest variable of the same section, perhaps not near enough to be meant. */
function nearestVariable(name: string): string | undefined {
  const [, prefix = '', rest = ''] = /^(KAPACITOR_(?:HTTP|AUTH)_)(.*)$/.exec(name.toUpperCase()) ?? [];
  const ends = [...fieldOfVariable.keys()]
    .filter((one) => one.startsWith(prefix))
    .map((one) => one.slice(prefix.length));
  const near = prefix === '' ? undefined : nearest(rest, ends);
  return near === undefined ? undefined : `${prefix}${near}`;
}

/** The file that only systemd and the init script read. */
const systemFile = '/etc/default/kapacitor';

/** Variables of programs that talk to Kapacitor, and of what starts it, by who reads them. */
const clientVariables: ReadonlyMap<string, string> = new Map([
  ['KAPACITOR_URL', 'the kapacitor program and Chronograf'],
  ['KAPACITOR_UNSAFE_SSL', 'the kapacitor program'],
  ['KAPACITOR_USERNAME', 'Chronograf'],
  ['KAPACITOR_PASSWORD', 'Chronograf'],
]);

/** The program that reads a variable of another than the daemon, if known. */
export function variableReader(variable: string): string | undefined {
  return clientVariables.get(variable);
}

function environmentPlace({ environment }: ConfigInput, variable: string, line: number | undefined): FindingLocation {
  return { in: 'environment', variable, from: environment.from, ...(line === undefined ? {} : { line }) };
}

/** Another name for a variable; where that one has a value, the misspelt one is to go. */
function renameFix({ environment }: ConfigInput, name: string, meant: string): Fix {
  const { variables, others, from } = environment;
  const displayName = excerpt(name, 80);
  if ((variables.get(meant) ?? '') !== '') {
    return withTrial({ what: `Remove ${displayName} from ${from}: ${meant} is set` }, () => ({
      variables: new Map(),
      without: name,
    }));
  }
  const value = others.get(name);
  const orElse = { what: `Rename it to ${meant} in ${from}` };
  const trial = value === undefined ? undefined : { variables: new Map([[meant, value]]), without: name, orElse };
  return withTrial({ what: `Rename ${displayName} in ${from} to`, setting: meant }, () => trial);
}

/** Another name in a line that gives the daemon no variable. */
function renameLineFix(input: ConfigInput, { name, line, value }: IgnoredLine, meant: string): Fix {
  const { file, from, variables } = input.environment;
  if ((variables.get(meant) ?? '') !== '') return { what: `Remove line ${line} of ${from}: ${meant} is set` };
  const advice = { what: `Rename it to ${meant} in ${from}` };
  const isKnown = file !== undefined && (file.form !== 'compose' || value !== undefined) && /^[\w.-]+$/.test(name);
  return isKnown ? withTrial({ ...advice }, () => ({ renaming: { line, name, to: meant }, orElse: advice })) : advice;
}

/** What becomes of a line with a name that no variable can have. */
function describeLoss({ environment: { file } }: ConfigInput, name: string): string {
  if (file?.form === 'docker') return ' docker rejects the file.';
  return file?.form === 'compose'
    ? ''
    : ` systemd does not accept ${name.includes('-') ? '"-" in a name' : 'this name'}.`;
}

function nameFindings(input: ConfigInput, name: string, dropped?: IgnoredLine): readonly Finding[] {
  const line = dropped?.line ?? input.environment.file?.lines.get(name);
  const place = environmentPlace(input, name, line);
  if (variableReader(name) !== undefined) return [];
  const { meant, isOurs } = suggestVariable(name);
  if (!isOurs || (dropped === undefined && isServiceVariable(name))) return [];
  const displayName = excerpt(name, 80);
  const lost = dropped === undefined ? '' : describeLoss(input, name);
  if (meant === undefined) {
    const near = nearestVariable(name);
    const question = near === undefined ? '' : ` Did you mean ${near}?`;
    return [
      finding('unknown-variable', `${displayName} is not a variable of the daemon.${lost}${question}`, { place }),
    ];
  }
  const fact = `${displayName} is not a variable of the daemon.${lost} Did you mean ${meant}?`;
  const fixes = [dropped === undefined ? renameFix(input, name, meant) : renameLineFix(input, dropped, meant)];
  return [finding('misspelt-variable', fact, { place, fixes })];
}

function isExport({ why }: IgnoredLine): boolean {
  return why === 'export';
}

/** Whether the value of a dropped line is known: a compose file is not read a second time. */
function isReadable({ environment: { file } }: ConfigInput, { value }: IgnoredLine): boolean {
  return file?.form !== 'compose' || value !== undefined;
}

/** The lines of the file of variables that have the word `export`. */
export function exportedLines(input: ConfigInput): readonly VariableRenaming[] {
  const { dropped, file } = input.environment;
  if (file === undefined) return [];
  const known = dropped.filter((one) => isExport(one) && isReadable(input, one));
  return known.map(({ name, line }) => ({ line, name, to: name }));
}

/** The lines of the file of variables whose name is misspelt, and that mean a variable that is not set. */
export function misspeltLines(input: ConfigInput): readonly VariableRenaming[] {
  const { dropped, file, others, variables } = input.environment;
  if (file === undefined) return [];
  const lost = dropped.filter((one) => one.why === 'name' && isReadable(input, one));
  const passed = [...others.keys()].flatMap((name) => {
    const line = file.lines.get(name);
    const isOther = variableReader(name) !== undefined || isServiceVariable(name);
    return line === undefined || isOther ? [] : [{ name, line }];
  });
  const all = [...lost, ...passed].flatMap(({ name, line }): VariableRenaming[] => {
    const { meant } = suggestVariable(name);
    if (meant === undefined || !/^[\w.-]+$/.test(name)) return [];
    // A secret under an unsuspicious name would show in the change.
    const isHidden = fieldOfVariable.get(meant)?.field.isSecret !== true || /PASSWORD|SECRET/i.test(name);
    return isHidden ? [{ line, name, to: meant }] : [];
  });
  const set = [...variables.keys(), ...dropped.map(({ name }) => name), ...all.map(({ to }) => to)];
  return all.filter(({ to }) => set.indexOf(to) === set.lastIndexOf(to));
}

function describeExport({ environment: { file } }: ConfigInput): string {
  if (file?.form === 'docker') return 'docker rejects the file';
  return file?.form === 'compose' ? 'docker treats it as part of the name' : 'systemd ignores the line';
}

function droppedFinding(input: ConfigInput, dropped: IgnoredLine): readonly Finding[] {
  const { name, line, why } = dropped;
  const place = environmentPlace(input, name, line);
  const displayName = excerpt(name, 80);
  switch (why) {
    case 'name':
      return nameFindings(input, name, dropped);
    case 'export':
      return [finding('variable-dropped', `Line ${line} begins with "export": ${describeExport(input)}.`, { place })];
    case 'control-characters':
      return [finding('variable-dropped', `The value of ${displayName} contains control characters.`, { place })];
    case 'no-assignment':
      return [finding('line-ignored', `Line ${line} is not NAME=VALUE and is ignored.`, { place })];
    case 'from-shell':
      return [
        finding('variable-from-shell', `Line ${line} takes ${displayName} from the shell that runs docker.`, { place }),
      ];
  }
}

/** What is wrong with the names of the variables. */
export function variableFindings(input: ConfigInput): readonly ConfigFinding[] {
  const { variables, others, dropped } = input.environment;
  const ofFields = [...variables].flatMap(([name, value]): readonly Finding[] => {
    const known = fieldOfVariable.get(name);
    if (known === undefined) return [];
    const place = variableLocation(input, name);
    const tooNew = tooNewFact(input, known.field, name);
    if (tooNew !== undefined) return [finding('unknown-variable', tooNew, { place })];
    return value === '' ? [finding('variable-empty', `${name} is set to an empty value.`, { place })] : [];
  });
  return [
    ...ofFields.map((one) => ({ finding: one })),
    ...[...others.keys()].flatMap((name) => nameFindings(input, name).map((one) => ({ finding: one }))),
    ...dropped.flatMap((line) => droppedFinding(input, line).map((one) => ({ finding: one }))),
  ];
}

function revealed(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

type Settings = Readonly<Record<string, { readonly value: unknown; readonly origin: { from: string; line?: number } }>>;

/** Notes on variables that are not faults. */
export function variableNotes({ environment }: ConfigInput): readonly string[] {
  const { others, from, file } = environment;
  const ofClients = [...others.keys()].flatMap((name) => {
    const reader = variableReader(name);
    return reader === undefined ? [] : [`${name} is read by ${reader}, not by the daemon.`];
  });
  if (file?.form !== 'systemd' || from === systemFile) return ofClients;
  const quoted = readEnvironmentLines(file.text, 'docker').assignments.filter(
    ({ name, value }) => environment.variables.has(name) && /^(["']).*\1$/.test(value),
  );
  const [first] = quoted;
  if (first === undefined) return ofClients;
  const what = quoted.length === 1 ? `the value of ${first.name}` : `${quoted.length} values`;
  const note = `systemd removes the quotes around ${what}; docker run --env-file keeps them (--env-format docker).`;
  return [...ofClients, note];
}

/** The variables that win over another value of the file; none where the file cannot be read. */
export function overrideFindings(input: ConfigInput, used: Configuration): readonly Finding[] {
  if (![...fieldOfVariable.keys()].some((variable) => input.environment.variables.has(variable))) return [];
  const { version } = input;
  const alone = parseLeniently(input.file?.content ?? '', new Map(), { version }).configuration;
  if (alone === undefined) return [];
  return [...fieldOfVariable].flatMap(([variable, { section, name, field }]): Finding[] => {
    const here = (alone[section] as Settings)[name];
    const current = (used[section] as Settings)[name];
    if (current?.origin.from !== 'environment' || here?.origin.from !== 'file') return [];
    if (revealed(here.value) === revealed(current.value)) return [];
    const fact = `${variable} overrides line ${originalLine(input, here.origin.line ?? 0)} of the file, [${section}] ${field.key}.`;
    return [finding('overridden', fact, { place: variableLocation(input, variable) })];
  });
}

import {
  type ConfigField,
  configFields,
  type ConfigSection,
  fieldOfVariable,
  variableName,
} from '../../kapacitor-config/fields.js';
import { type ConfigOutline, outlineConfig } from '../../kapacitor-config/read-and-validate.js';
import { finding, type FindingId, type FindingLocation, type Fix } from '../finding.js';
import { addressFault } from '../../model/urls.js';
import {
  type ConfigFinding,
  type ConfigInput,
  fileLocation,
  originalLine,
  sectionLocation,
  variableLocation,
} from './facts.js';
import { type Edit, namesBefore, setField, tomlString, writtenKeys } from './edit.js';
import type { ConfigRefusal, LenientResult } from './lenient-parse.js';
import { fixedLiteral, fixSyntax } from './syntax-fixes.js';
import { configFileName, editFix, setFieldFixes } from './fixes.js';
import { daemonMessage, inexactProblem } from './redact.js';
import {
  type DifferenceId,
  differences,
  type KapacitorVersion,
  knownVersions,
} from '../../model/kapacitor-versions.js';

/** The daemon's message, its line as it is in the file that was read. */
function withOriginalLines(input: ConfigInput, message: string): string {
  return message.replace(/(toml: line |Near line )(\d+)/, (_, words: string, line: string) => {
    return `${words}${originalLine(input, Number(line))}`;
  });
}

/** Where a field is set: by its variable, in the file, or nowhere. */
function fieldLocation(
  input: ConfigInput,
  file: ConfigOutline,
  section: ConfigSection,
  field: ConfigField,
): FindingLocation | undefined {
  const variable = variableName(section, field);
  if ((input.environment.variables.get(variable) ?? '') !== '') return variableLocation(input, variable);
  const written = writtenKeys(file, section, field)[0]?.text;
  return written === undefined
    ? sectionLocation(input, file, section)
    : fileLocation(input, written.line, written.column);
}

interface StartProblem {
  readonly id: FindingId;
  readonly place: FindingLocation | undefined;
  readonly edits?: readonly Edit[] | undefined;
  readonly fixes?: readonly Fix[];
}

function fileProblem(input: ConfigInput, file: ConfigOutline, { refused }: ConfigRefusal): StartProblem {
  const place = fileLocation(input, refused.line);
  if (file.fault === undefined) {
    const header = file.sections.find(({ known, isArray }) => known !== undefined && isArray);
    const isOnly = file.sections.filter(({ known }) => known === header?.known).length === 1;
    const edits =
      header === undefined || !isOnly
        ? undefined
        : [{ start: header.text.start, end: header.text.end, text: `[${header.known}]` }];
    const [edit] = edits ?? [];
    const what = `Change line ${originalLine(input, header?.text.line ?? 0)} of ${configFileName(input)} to`;
    return {
      id: 'value-type',
      place,
      edits,
      fixes: edit === undefined ? [] : [editFix(file, what, edit.text, edits)],
    };
  }
  const isTwice = refused.message.endsWith('has already been defined.');
  return { id: isTwice ? 'key-twice' : 'file-syntax', place, edits: fixSyntax(file) };
}

/** The meaning of a secret that is not a string: a boolean is a switch, a number may be a secret without quotes. */
function secretAdvice(field: ConfigField, raw: string, where: string): string {
  if (!/^(?:true|false)$/.test(raw.trim())) return `Put the value ${where} in quotes`;
  const meant =
    field === configFields.auth.metaInternalSharedSecret
      ? ', the same as internal-shared-secret of the meta nodes'
      : '';
  return `Replace the value ${where} with a passphrase in quotes${meant}`;
}

function keyProblem(input: ConfigInput, file: ConfigOutline, { key }: ConfigRefusal): StartProblem {
  const { field, text, value } = key ?? {};
  const place = fileLocation(input, text?.line, text?.column);
  const id = field?.type === 'duration' ? 'duration-form' : 'value-type';
  const literal = field === undefined || value === undefined ? undefined : fixedLiteral(field, value.raw);
  if (key === undefined || field === undefined || value === undefined) return { id, place };
  const where = `of ${field.key} in line ${originalLine(input, text?.line ?? 0)} of ${configFileName(input)}`;
  if (literal === undefined) {
    return { id, place, fixes: field.isSecret === true ? [{ what: secretAdvice(field, value.raw, where) }] : [] };
  }
  const edits = [{ start: value.start, end: value.end, text: literal }];
  const isHidden = field.isSecret === true || field === configFields.auth.metaUsername;
  if (isHidden) return { id, place, edits, fixes: [{ what: `Put the value ${where} in quotes` }] };
  const what = `Change line ${originalLine(input, key.text.line)} of ${configFileName(input)} to`;
  const line = `${namesBefore(key)}${field.key} = ${literal}`;
  return { id, place, edits, fixes: [editFix(file, what, line, edits)] };
}

/** A variable with the corrected value, if it is certain. */
function variableProblem(input: ConfigInput, file: ConfigOutline, { refused }: ConfigRefusal): StartProblem {
  const variable = refused.variable ?? '';
  const finding = { id: 'variable-value', place: variableLocation(input, variable) } as const;
  const known = fieldOfVariable.get(variable);
  const literal = known && fixedLiteral(known.field, input.environment.variables.get(variable) ?? '');
  if (known === undefined || literal === undefined) return finding;
  return { ...finding, fixes: setFieldFixes(input, file, [{ ...known, literal }]) };
}

function fieldProblem(
  input: ConfigInput,
  file: ConfigOutline,
  section: ConfigSection,
  field: ConfigField,
  literal: string | undefined,
): StartProblem {
  const place = fieldLocation(input, file, section, field);
  const id = field === configFields.auth.bcryptCost ? 'bcrypt-cost-low' : 'bind-address';
  if (literal === undefined) return { id, place };
  const fixes = setFieldFixes(input, file, [{ section, field, literal }]);
  return { id, place, edits: place?.in === 'environment' ? undefined : setField(file, section, field, literal), fixes };
}

const listenPort = 9092;

/** An address to listen on, from the current value: a port, a host, a URL. */
function suggestBindAddress(input: ConfigInput, file: ConfigOutline): string | undefined {
  const { bindAddress } = configFields.http;
  const raw = writtenKeys(file, 'http', bindAddress)[0]?.value.raw.replace(/^["']|["']$/g, '');
  const text = input.environment.variables.get(variableName('http', bindAddress)) || raw;
  if (text === undefined) return undefined;
  const suggested = /^\d{1,5}$/.test(text) ? `:${text}` : addressFault(text, listenPort)?.fixed;
  return suggested === undefined ? undefined : tomlString(suggested);
}

/** A list section that is written as one table: a second pair of brackets, where no other table lies below it. */
function listProblem(input: ConfigInput, file: ConfigOutline, { refused }: ConfigRefusal): StartProblem {
  const header = file.sections.find(({ text }) => text.line === refused.line);
  const [name, ...deeper] = header?.names ?? [];
  const place = fileLocation(input, refused.line, header?.text.column);
  const others = file.sections.filter(({ names }) => names[0] === name);
  if (header === undefined || deeper.length > 0 || header.isArray || others.length > 1) {
    return { id: 'section-not-list', place };
  }
  const text = `[${header.text.spelt}]`;
  const edits = [{ start: header.text.start, end: header.text.end, text }];
  const what = `Change line ${originalLine(input, header.text.line)} of ${configFileName(input)} to`;
  return { id: 'section-not-list', place, edits, fixes: [editFix(file, what, text, edits)] };
}

const packageDataDir = 'data_dir = "/var/lib/kapacitor"';

/** The directory that the packages of Kapacitor use. */
function dataDirProblem(input: ConfigInput, file: ConfigOutline, { refused }: ConfigRefusal): StartProblem {
  const isHostname = refused.message.includes('hostname');
  const key = isHostname ? 'hostname' : 'data_dir';
  const written = file.keys.find((one) => one.section === '' && one.key.toLowerCase() === key);
  const id = 'data-dir-missing';
  const setting = isHostname ? 'hostname = "localhost"' : packageDataDir;
  if (written !== undefined) {
    const { text, value } = written;
    const literal = setting.replace(/^[^"]*/, '');
    const edits = [{ start: value.start, end: value.end, text: literal }];
    const what = `Change line ${originalLine(input, text.line)} of ${configFileName(input)} to`;
    return {
      id,
      place: fileLocation(input, text.line, text.column),
      edits,
      fixes: [editFix(file, what, setting, edits)],
    };
  }
  const lineEnd = file.text.includes('\r\n') ? '\r\n' : '\n';
  const start = file.text.startsWith('\ufeff') ? 1 : 0;
  const what = `Add before the first section of ${configFileName(input)}`;
  const edits = [{ start, end: start, text: `${setting}${lineEnd}` }];
  return { id, place: fileLocation(input), edits, fixes: [editFix(file, what, setting, edits)] };
}

function describeRefusal(input: ConfigInput, file: ConfigOutline, refusal: ConfigRefusal): StartProblem {
  switch (refusal.about) {
    case 'file':
      return fileProblem(input, file, refusal);
    case 'key':
      return keyProblem(input, file, refusal);
    case 'variable':
      return variableProblem(input, file, refusal);
    case 'section-not-list':
      return listProblem(input, file, refusal);
    case 'data-dir-missing':
      return dataDirProblem(input, file, refusal);
    case 'bcrypt-cost':
      return fieldProblem(input, file, 'auth', configFields.auth.bcryptCost, '10');
    case 'bind-address':
      return fieldProblem(input, file, 'http', configFields.http.bindAddress, suggestBindAddress(input, file));
  }
}

function daemonName({ version }: ConfigInput): string {
  return version === undefined ? 'The daemon' : `Kapacitor ${version.name}`;
}

/** What else is to be known of a file that does not parse: the versions that read it. */
function versionRemark(input: ConfigInput, file: ConfigOutline): string {
  const reading = file.fault === undefined ? [] : readableBy(input);
  if (reading.length === 0) return '';
  const whose = input.version === undefined ? 'This is the message of 1.8; ' : '';
  return ` (${whose}Kapacitor ${releaseRanges(reading)} can read this file.)`;
}

/** Each thing for which the daemon refuses to start, with its own message. */
export function startFindings(input: ConfigInput, { file, refusals }: LenientResult): readonly ConfigFinding[] {
  return refusals.map((refusal): ConfigFinding => {
    const { id, place, edits, fixes = [] } = describeRefusal(input, file, refusal);
    const problem = inexactProblem(refusal.refused, file);
    const fact =
      problem === undefined
        ? `${daemonName(input)} says: "${withOriginalLines(input, daemonMessage(refusal.refused, file))}"${versionRemark(input, file)}`
        : `${daemonName(input)} cannot parse this file: ${problem}${versionRemark(input, file)}`;
    return { finding: finding(id, fact, { place, fixes }), edits };
  });
}

/** Releases as ranges: `1.6.0 to 1.6.5`; releases that do not follow each other as `1.6.0 to 1.6.5 and 1.8.0 to 1.8.3`. */
function releaseRanges(versions: readonly KapacitorVersion[]): string {
  const runs: string[][] = [];
  let next: KapacitorVersion | undefined;
  for (const version of versions) {
    if (version === next) runs.at(-1)?.push(version.name);
    else runs.push([version.name]);
    next = knownVersions[knownVersions.indexOf(version) + 1];
  }
  return runs.map((run) => (run.length === 1 ? run[0] : `${run[0]} to ${run.at(-1)}`)).join(' and ');
}

const ofFiles = Object.entries(differences).flatMap(([id, { area }]) =>
  area === 'kapacitor.conf' ? [id as DifferenceId] : [],
);

/** Where each release stops in the file of an input; releases with the same parser are checked once. */
function createFaultLookup(input: ConfigInput): (version: KapacitorVersion) => ConfigOutline['fault'] {
  const known = new Map<string, ConfigOutline['fault']>();
  return (version) => {
    const kind = ofFiles.map((id) => version.rules[id]).join();
    if (!known.has(kind)) known.set(kind, outlineConfig(input.file?.content ?? '', version).fault);
    return known.get(kind);
  };
}

/** The releases that can read the file of an input. */
function readableBy(input: ConfigInput): readonly KapacitorVersion[] {
  const faultOf = createFaultLookup(input);
  return knownVersions.filter((version) => faultOf(version) === undefined);
}

/** A file that 1.8 reads and older releases do not, if no version was given. */
export function versionFindings(input: ConfigInput, file: ConfigOutline): readonly ConfigFinding[] {
  if (input.version !== undefined || file.fault !== undefined) return [];
  const faultOf = createFaultLookup(input);
  const refusing = knownVersions.filter((version) => faultOf(version) !== undefined);
  const fault = refusing[0] && faultOf(refusing[0]);
  if (fault === undefined) return [];
  const fact = `Kapacitor ${releaseRanges(refusing)} cannot read this file and would not start; 1.8 reads it. The problem is near line ${originalLine(input, fault.line)}.`;
  return [{ finding: finding('older-version', fact, { place: fileLocation(input, fault.line) }) }];
}

const kinds: readonly (readonly [name: string, mark: RegExp])[] = [
  ['ERB', /<%[^%]*%>/],
  ['Jinja or Go', /\{\{.*?\}\}|\{%.*?%\}/],
];

function lineOf(text: string): readonly [kind: string, line: number] | undefined {
  for (const [i, line] of text.split('\n').entries()) {
    const code = line.replace(/^\s*#.*/, '');
    const kind = kinds.find(([, mark]) => mark.test(code));
    if (kind !== undefined) return [kind[0], i + 1];
  }
  return undefined;
}

/** Whether a file is not TOML because it is an unrendered template. */
export function isTemplate({ fault, text }: ConfigOutline): boolean {
  return fault !== undefined && lineOf(text) !== undefined;
}

export function templateFinding(input: ConfigInput, { text }: ConfigOutline): ConfigFinding {
  const [kind, line] = lineOf(text) ?? ['', 1];
  const fact = `Line ${line} contains a mark of ${kind} templates.`;
  return { finding: finding('template-file', fact, { place: fileLocation(input, line) }) };
}

import {
  type ConfigField,
  configFields,
  type ConfigSection,
  findField,
  variableName,
} from '../../kapacitor-config/fields.js';
import type { ConfigOutline, WrittenKey } from '../../kapacitor-config/read-and-validate.js';
import { excerpt } from '../../model/text.js';
import { finding, type Fix } from '../finding.js';
import { type ConfigFinding, type ConfigInput, fileLocation, originalLine, tooNewFact } from './facts.js';
import { applyTextEdits, type Edit, hasOwnLine, insertKey, namesBefore, removeKey, writtenKeys } from './edit.js';
import { isDistinctive, isUnique, nearestKey, sectionOfKey, suggestField, suggestSection } from './spelling.js';
import { acceptedLiteral } from './syntax-fixes.js';
import { configFileName, editFix, withTrial } from './fixes.js';

function otherSection(section: ConfigSection): ConfigSection {
  return section === 'http' ? 'auth' : 'http';
}

/** Another name for the last part of a key, with a value that the daemon accepts there. */
function renameEdits(
  { text, value }: WrittenKey,
  section: ConfigSection,
  field: ConfigField,
): readonly Edit[] | undefined {
  const literal = acceptedLiteral(section, field, value.raw);
  if (literal === undefined) return undefined;
  const lead = /^(.*\.\s*)?/s.exec(text.spelt)?.[0] ?? '';
  return [
    { start: text.start + lead.length, end: text.end, text: field.key },
    { start: value.start, end: value.end, text: literal },
  ];
}

function moveEdits(
  file: ConfigOutline,
  key: WrittenKey,
  section: ConfigSection,
  field: ConfigField,
): readonly Edit[] | undefined {
  const removed = removeKey(file, key);
  const literal = acceptedLiteral(section, field, key.value.raw);
  const inserted = literal === undefined ? undefined : insertKey(file, section, field.key, literal);
  return removed && inserted && [...removed, inserted];
}

const longestShown = 200;

/** Whether a value may be printed: it is not a secret and cannot contain one. */
function isShowable(field: ConfigField, { raw }: WrittenKey['value']): boolean {
  const isHidden = field.isSecret === true || field === configFields.auth.metaUsername || raw.includes('@');
  return !isHidden && !/[\u0000-\u001f\u007f]/.test(raw) && raw.length <= longestShown;
}

function lineText(input: ConfigInput, { text }: WrittenKey): string {
  return `line ${originalLine(input, text.line)} of ${configFileName(input)}`;
}

/** To take out a line that the daemon does not read, as another one sets the field. */
function removeFixes(
  input: ConfigInput,
  file: ConfigOutline,
  key: WrittenKey,
  used: WrittenKey | undefined,
): readonly Fix[] {
  const removed = hasOwnLine(file, key) ? removeKey(file, key) : undefined;
  if (removed === undefined || used === undefined) return [];
  const what = `Remove ${lineText(input, key)}: the daemon uses line ${originalLine(input, used.text.line)}`;
  return [withTrial({ what }, () => ({ text: applyTextEdits(file.text, removed) }))];
}

/** What follows from a key that the daemon does not read, for the field that it means. */
function unreadConsequence(input: ConfigInput, section: ConfigSection, field: ConfigField, isSet: boolean): string {
  if (isSet) return 'This line has no effect.';
  const variable = variableName(section, field);
  const isByVariable = (input.environment.variables.get(variable) ?? '') !== '';
  return isByVariable
    ? `This line has no effect: the daemon uses ${variable}.`
    : 'The setting keeps its default; the value in the file is not used.';
}

/** The line as it is to be, or the right name alone where the value is not for a terminal. */
function misspeltFixes(
  input: ConfigInput,
  file: ConfigOutline,
  key: WrittenKey,
  field: ConfigField,
  edits: readonly Edit[] | undefined,
): readonly Fix[] {
  const literal = edits?.[1]?.text;
  if (edits === undefined || literal === undefined) return [];
  const line = lineText(input, key);
  if (isShowable(field, key.value)) {
    return [editFix(file, `Change ${line} to`, `${namesBefore(key)}${field.key} = ${literal}`, edits)];
  }
  // If the value has to change too, renaming alone is no fix.
  if (literal !== key.value.raw) return [];
  const what = `Rename "${excerpt(key.key, 60)}" in ${line} to "${field.key}"`;
  return [withTrial({ what }, () => ({ text: applyTextEdits(file.text, edits) }))];
}

function misspeltFinding(
  input: ConfigInput,
  file: ConfigOutline,
  key: WrittenKey,
  section: ConfigSection,
  field: ConfigField,
): ConfigFinding {
  const [used] = writtenKeys(file, section, field);
  const fact = `"${excerpt(key.key, 60)}" in [${section}] is not a known key. Did you mean "${field.key}"?`;
  const place = fileLocation(input, key.text.line, key.text.column);
  const edits = used === undefined ? renameEdits(key, section, field) : undefined;
  const fixes =
    used === undefined ? misspeltFixes(input, file, key, field, edits) : removeFixes(input, file, key, used);
  const consequence = unreadConsequence(input, section, field, used !== undefined);
  return { finding: finding('misspelt-key', fact, { place, fixes, consequence }), edits };
}

function misplacedFinding(
  input: ConfigInput,
  file: ConfigOutline,
  key: WrittenKey,
  section: ConfigSection,
): ConfigFinding {
  const field = findField(section, key.key);
  const where = key.section === '' ? 'is before the first section' : `is in [${key.section}]`;
  const fact = `"${excerpt(key.key, 60)}" ${where}, but belongs to [${section}].`;
  const place = fileLocation(input, key.text.line, key.text.column);
  const [existing] = field === undefined ? [] : writtenKeys(file, section, field);
  const isSure = key.knownSection === undefined || suggestField(key.knownSection, key.key) === undefined;
  const isOwnLine = hasOwnLine(file, key);
  const unread =
    field === undefined ? {} : { consequence: unreadConsequence(input, section, field, existing !== undefined) };
  if (existing !== undefined || field === undefined) {
    const fixes = removeFixes(input, file, key, existing);
    return { finding: finding('key-elsewhere', fact, { place, fixes, ...unread }) };
  }
  const edits = isSure ? moveEdits(file, key, section, field) : undefined;
  const isPlain =
    isOwnLine && namesBefore(key) === '' && acceptedLiteral(section, field, key.value.raw) === key.value.raw;
  const hasHeader = file.sections.some(({ known }) => known === section);
  const fixes = [
    editFix(file, `Move ${lineText(input, key)} to`, `[${section}]`, isPlain && hasHeader ? edits : undefined),
  ];
  return { finding: finding('key-elsewhere', fact, { place, fixes, ...unread }), edits };
}

/** A key that newer releases read. */
function tooNewFinding(input: ConfigInput, key: WrittenKey, field: ConfigField): ConfigFinding | undefined {
  const fact = tooNewFact(input, field, `"${field.key}"`);
  if (fact === undefined) return undefined;
  return { finding: finding('unknown-key', fact, { place: fileLocation(input, key.text.line, key.text.column) }) };
}

/** Keys of `[meta]` in influxdb.conf that have no counterpart in kapacitor.conf. */
function isOfDataNode(key: string): boolean {
  return /^(?:meta-auth-enabled|retention-autocreate|logging-enabled|ensure-fips|password-hash)$/i.test(key);
}

function unknownKeyFinding(input: ConfigInput, key: WrittenKey, section: ConfigSection): ConfigFinding {
  if (isOfDataNode(key.key)) {
    const fact = `"${excerpt(key.key, 60)}" in [${section}] is a key for data nodes (influxdb.conf).`;
    return { finding: finding('unknown-key', fact, { place: fileLocation(input, key.text.line, key.text.column) }) };
  }
  const near = nearestKey(section, key.key);
  const question = near === undefined ? '' : ` Did you mean "${near}"?`;
  const fact = `"${excerpt(key.key, 60)}" in [${section}] is not a known key.${question}`;
  return { finding: finding('unknown-key', fact, { place: fileLocation(input, key.text.line, key.text.column) }) };
}

/** A key of a section whose own name is misspelt: that is reported for the section. */
function isOfMisspelt({ section, key }: WrittenKey): boolean {
  const meant = suggestSection(section);
  return meant !== undefined && findField(meant, key) !== undefined;
}

function unknownKeys(input: ConfigInput, file: ConfigOutline): readonly ConfigFinding[] {
  return file.keys.flatMap((key): ConfigFinding[] => {
    const { knownSection: section } = key;
    if (section === undefined) {
      const isMarked = key.section === '' ? isDistinctive(key.key) : isUnique(key.key) && !isOfMisspelt(key);
      const target = isMarked ? sectionOfKey(key.key) : undefined;
      return target === undefined ? [] : [misplacedFinding(input, file, key, target)];
    }
    if (key.field !== undefined) return [];
    const newer = findField(section, key.key);
    const found = newer && tooNewFinding(input, key, newer);
    if (found !== undefined) return [found];
    if (findField(otherSection(section), key.key) !== undefined)
      return [misplacedFinding(input, file, key, otherSection(section))];
    const field = suggestField(section, key.key);
    return [
      field === undefined ? unknownKeyFinding(input, key, section) : misspeltFinding(input, file, key, section, field),
    ];
  });
}

/** Tables below a section, such as `[auth.meta]`: the daemon knows none. */
function tableFindings(input: ConfigInput, file: ConfigOutline): readonly ConfigFinding[] {
  return file.sections.flatMap(({ names, text }): ConfigFinding[] => {
    const [first = '', second] = names;
    const isOurs = /^(http|auth)$/i.test(first);
    if (second === undefined || !isOurs) return [];
    const fact = `The daemon does not know the table ${excerpt(text.spelt, 60)}.`;
    return [{ finding: finding('unknown-key', fact, { place: fileLocation(input, text.line, text.column) }) }];
  });
}

function ambiguousFindings(input: ConfigInput, file: ConfigOutline): readonly ConfigFinding[] {
  return (['http', 'auth'] as const).flatMap((section) =>
    Object.values<ConfigField>(configFields[section]).flatMap((field): ConfigFinding[] => {
      const [first, ...more] = writtenKeys(file, section, field);
      if (first === undefined || more.length === 0) return [];
      const lines = [first, ...more].map(({ text }) => `"${text.spelt}" in line ${originalLine(input, text.line)}`);
      const place = fileLocation(input, first.text.line, first.text.column);
      const isSame = more.every(({ value }) => value.raw === first.value.raw);
      const removed = more.map((key) => removeKey(file, key));
      const edits = isSame && removed.every((edit) => edit !== undefined) ? removed.flat() : undefined;
      return [{ finding: finding('key-ambiguous', `[${section}] has ${lines.join(' and ')}.`, { place }), edits }];
    }),
  );
}

/** What is wrong with the keys of a file, whether the daemon starts with it or not. */
export function keyFindings(input: ConfigInput, file: ConfigOutline): readonly ConfigFinding[] {
  return [...unknownKeys(input, file), ...tableFindings(input, file), ...ambiguousFindings(input, file)];
}

/** Sections whose names are near to [http] or [auth], with keys that belong there. */
export function sectionFindings(input: ConfigInput, file: ConfigOutline): readonly ConfigFinding[] {
  return file.sections.flatMap(({ names, known, isArray, text }): ConfigFinding[] => {
    const [name, ...deeper] = names;
    if (name === undefined || deeper.length > 0 || known !== undefined) return [];
    const meant = suggestSection(name);
    const isOurs = ({ section, key }: WrittenKey): boolean =>
      section === name && meant !== undefined && findField(meant, key) !== undefined;
    if (meant === undefined || !file.keys.some(isOurs)) return [];
    const fact = `${excerpt(text.spelt, 60)} is not a known section. Did you mean [${meant}]?`;
    const place = fileLocation(input, text.line, text.column);
    const isFree = !file.sections.some((one) => one.known === meant) && !isArray;
    const isUnused = !file.keys.some(({ knownSection }) => knownSection === meant);
    const edits = isFree && isUnused ? [{ start: text.start, end: text.end, text: `[${meant}]` }] : undefined;
    const what = `Change line ${originalLine(input, text.line)} of ${configFileName(input)} to`;
    const fixes = [editFix(file, what, `[${meant}]`, edits)];
    return [{ finding: finding('misspelt-section', fact, { place, fixes }), edits }];
  });
}

import { fields, variableOf, type Field, type Outline, type Section } from '../../../kapacitor/configuration/index.js';
import { finding, type Place } from '../finding.js';
import type { FindingId } from '../rules/table.js';
import { addressFault } from './address.js';
import type { ConfigFinding } from './check.js';
import { setField, tomlString, writtenKeys, type Edit } from './edit.js';
import { filePlace, sectionPlace, variablePlace } from './facts.js';
import type { ConfigInput } from './input.js';
import type { LenientReading, Refusal } from './lenient.js';
import { mendedLiteral } from './mended-value.js';
import { fileName } from './mends.js';
import { daemonSays } from './says.js';
import { mendSyntax } from './syntax.js';
import { releasesText, whoReads } from './versions.js';

/** Where a field is set: by its variable, in the file, or nowhere. */
function placeOfField(input: ConfigInput, file: Outline, section: Section, field: Field): Place | undefined {
  const variable = variableOf(section, field);
  if ((input.environment.variables.get(variable) ?? '') !== '') return variablePlace(input, variable);
  const written = writtenKeys(file, section, field)[0]?.text;
  return written === undefined ? sectionPlace(input, file, section) : filePlace(input, written.line, written.column);
}

interface Told {
  readonly id: FindingId;
  readonly place: Place | undefined;
  readonly edits?: readonly Edit[] | undefined;
  /** The line to write, where it is known. */
  readonly setting?: string | undefined;
}

function aboutFile(input: ConfigInput, file: Outline, { refused }: Refusal): Told {
  const place = filePlace(input, refused.line);
  if (file.fault === undefined) {
    const header = file.sections.find(({ known, isArray }) => known !== undefined && isArray);
    const isOnly = file.sections.filter(({ known }) => known === header?.known).length === 1;
    const edits =
      header === undefined || !isOnly
        ? undefined
        : [{ start: header.text.start, end: header.text.end, text: `[${header.known}]` }];
    return { id: 'value-type', place, edits, setting: edits?.[0]?.text };
  }
  const isTwice = refused.message.endsWith('has already been defined.');
  return { id: isTwice ? 'key-twice' : 'file-syntax', place, edits: mendSyntax(file) };
}

function aboutKey(input: ConfigInput, { key }: Refusal): Told {
  const { field, text, value } = key ?? {};
  const place = filePlace(input, text?.line, text?.column);
  const id = field?.type === 'duration' ? 'duration-form' : 'value-type';
  const literal = field === undefined || value === undefined ? undefined : mendedLiteral(field, value.raw);
  if (field === undefined || value === undefined || literal === undefined) return { id, place };
  const shown = field.isSecret === true || field === fields.auth.metaUsername ? '"***"' : literal;
  const edits = [{ start: value.start, end: value.end, text: literal }];
  return { id, place, edits, setting: `${field.key} = ${shown}` };
}

function aboutVariable(input: ConfigInput, { refused }: Refusal): Told {
  return { id: 'variable-value', place: variablePlace(input, refused.variable ?? '') };
}

function aboutField(
  input: ConfigInput,
  file: Outline,
  section: Section,
  field: Field,
  literal: string | undefined,
): Told {
  const place = placeOfField(input, file, section, field);
  const id = field === fields.auth.bcryptCost ? 'bcrypt-cost-low' : 'bind-address';
  if (literal === undefined) return { id, place };
  if (place?.in === 'environment') {
    return { id, place, setting: `${place.variable}=${literal.replaceAll('"', '')}` };
  }
  return { id, place, edits: setField(file, section, field, literal), setting: `${field.key} = ${literal}` };
}

const listenPort = 9092;

/** An address to listen at, from what stands there: a port alone, a host alone, a URL. */
function listenAt(input: ConfigInput, file: Outline): string | undefined {
  const { bindAddress } = fields.http;
  const raw = writtenKeys(file, 'http', bindAddress)[0]?.value.raw.replace(/^["']|["']$/g, '');
  const text = input.environment.variables.get(variableOf('http', bindAddress)) || raw;
  if (text === undefined) return undefined;
  const whole = /^\d{1,5}$/.test(text) ? `:${text}` : addressFault(text, listenPort)?.mended;
  return whole === undefined ? undefined : tomlString(whole);
}

function about(input: ConfigInput, file: Outline, refusal: Refusal): Told {
  switch (refusal.about) {
    case 'file':
      return aboutFile(input, file, refusal);
    case 'key':
      return aboutKey(input, refusal);
    case 'variable':
      return aboutVariable(input, refusal);
    case 'bcrypt-cost':
      return aboutField(input, file, 'auth', fields.auth.bcryptCost, '10');
    case 'bind-address':
      return aboutField(input, file, 'http', fields.http.bindAddress, listenAt(input, file));
  }
}

function who({ version }: ConfigInput): string {
  return version === undefined ? 'The daemon' : `Kapacitor ${version.name}`;
}

/** What else is to be known of a file that does not parse: the words of 1.8, or the versions that read it. */
function unlessRead(input: ConfigInput, { about: subject, refused }: Refusal): string {
  if (refused.inexact !== undefined) {
    return ` (its words from … on are not known, and its line may be one off; what is wrong: ${refused.inexact})`;
  }
  const reading = subject === 'file' && input.version === undefined ? whoReads(input) : [];
  return reading.length === 0 ? '' : ` (So says 1.8; Kapacitor ${releasesText(reading)} can read this file.)`;
}

/** Each thing for which the daemon refuses to start, with its own message. */
export function startFindings(input: ConfigInput, { file, refusals }: LenientReading): readonly ConfigFinding[] {
  return refusals.map((refusal): ConfigFinding => {
    const { id, place, edits, setting } = about(input, file, refusal);
    const where = place?.in === 'environment' ? input.environment.from : fileName(input);
    const mends = setting === undefined ? [] : [{ what: `Write in ${where}`, setting }];
    const fact = `${who(input)} says: ${daemonSays(refusal.refused, file)}${unlessRead(input, refusal)}`;
    return { finding: finding(id, fact, { place, mends }), edits };
  });
}

import {
  type ConfigField,
  renameVariables,
  toKapacitorEnvironment,
  type VariableRenaming,
} from '../../kapacitor-config/fields.js';
import type { FindingId } from '../finding.js';
import { accessChecks, cacheChecks, metaChecks } from './auth-checks.js';
import {
  canRunCheck,
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  type ConfigInput,
  type ConfigTlsFiles,
} from './facts.js';
import { isTemplate, startFindings, templateFinding, versionFindings } from './start-checks.js';
import { exposedFiles, placeholderFields, placeholderFindings, secretChecks } from './secret-checks.js';
import { keyFindings, sectionFindings } from './key-checks.js';
import { type LenientResult, parseLeniently } from './lenient-parse.js';
import { tlsFileChecks, tlsFilePaths, tlsSettingChecks } from './tls-checks.js';
import { overrideFindings, variableFindings } from './variable-checks.js';
import { readEnvironmentLines } from '../../kapacitor-config/environment-formats.js';
import { checkOnThisMachine } from '../../kapacitor-config/tls-files.js';
import { encodeFile } from '../../kapacitor-config/toml/document.js';
import { otherSectionFaults, readConfiguration } from '../../kapacitor-config/read-and-validate.js';

const configChecks: readonly ConfigCheck[] = [
  ...accessChecks,
  ...metaChecks,
  ...tlsSettingChecks,
  ...tlsFileChecks,
  ...cacheChecks,
  ...secretChecks,
];

const noFields: ReadonlySet<ConfigField> = new Set();

const parsedInputs = new WeakMap<ConfigInput, LenientResult>();

/** The same reading for the same input. */
function parseInput(input: ConfigInput): LenientResult {
  const known = parsedInputs.get(input);
  if (known !== undefined) return known;
  const { variables, dropped } = input.environment;
  const unknown = dropped.filter(({ why }) => why === 'from-shell').map(({ name }) => name);
  const reading = parseLeniently(input.file?.content ?? '', variables, {
    unknownVariables: unknown,
    isFile: input.file !== undefined,
    version: input.version,
  });
  parsedInputs.set(input, reading);
  return reading;
}

/** The files that the checks want to know, by the path in the configuration. */
export function referencedFiles(input: ConfigInput): readonly string[] {
  const { configuration } = parseInput(input);
  return configuration === undefined ? [] : tlsFilePaths(configuration);
}

const checkedInputs = new WeakMap<ConfigInput, { tlsFiles: ConfigTlsFiles; found: readonly ConfigFinding[] }>();

/** What is wrong with a kapacitor.conf and its environment, each with the edits that fix it. */
export function runConfigChecks(input: ConfigInput, tlsFiles: ConfigTlsFiles): readonly ConfigFinding[] {
  const known = checkedInputs.get(input);
  if (known?.tlsFiles === tlsFiles) return known.found;
  const found = findFaults(input, tlsFiles);
  checkedInputs.set(input, { tlsFiles, found });
  return found;
}

/** What edits may fix: all but what other releases refuse, for which the file is read once for each of their parsers. */
export function runFixableChecks(input: ConfigInput, tlsFiles: ConfigTlsFiles): readonly ConfigFinding[] {
  const known = checkedInputs.get(input);
  return known?.tlsFiles === tlsFiles ? known.found : findFaults(input, tlsFiles, () => []);
}

function findFaults(
  input: ConfigInput,
  tlsFiles: ConfigTlsFiles,
  ofVersions = versionFindings,
): readonly ConfigFinding[] {
  const reading = parseInput(input);
  const { file, configuration } = reading;
  if (isTemplate(file)) return [templateFinding(input, file)];
  const filled = configuration === undefined ? noFields : placeholderFields(configuration);
  const unknown = new Set([...reading.unknown, ...filled]);
  const facts: ConfigFacts | undefined = configuration && { input, file, configuration, unknown, tlsFiles };
  const runnable = facts === undefined ? [] : configChecks.filter((check) => canRunCheck(check, unknown));
  const names = [
    ...(configuration === undefined ? [] : overrideFindings(input, configuration)),
    ...exposedFiles(input, file.text),
  ];
  return [
    ...startFindings(input, reading),
    ...sectionFindings(input, file),
    ...keyFindings(input, file),
    ...ofVersions(input, file),
    ...runnable.flatMap((check) => (facts === undefined ? [] : check.find(facts))),
    ...(facts === undefined ? [] : placeholderFindings(facts, filled)),
    ...variableFindings(input),
    ...names.map((finding) => ({ finding })),
  ];
}

/** The findings that no check could look for. */
export function uncheckedIds(input: ConfigInput): ReadonlySet<FindingId> {
  const { configuration, unknown: refused, refusals } = parseInput(input);
  const unknown = new Set([...refused, ...(configuration === undefined ? noFields : placeholderFields(configuration))]);
  const skipped = configChecks.filter((check) => configuration === undefined || !canRunCheck(check, unknown));
  const run = new Set(configChecks.filter((check) => !skipped.includes(check)).flatMap(({ gives }) => gives));
  // Whether a rejected variable has the same value as the file is unknown.
  const overridden = refusals.some(({ about }) => about === 'variable') ? (['overridden'] as const) : [];
  return new Set([...skipped.flatMap(({ gives }) => gives).filter((id) => !run.has(id)), ...overridden]);
}

/** Why a check was not made. */
export function uncheckedReason(input: ConfigInput): string {
  const { configuration, refusals } = parseInput(input);
  if (configuration === undefined) return 'Kapacitor cannot parse the file';
  const isRejected = refusals.length > 0;
  const isUnknown =
    input.environment.dropped.some(({ why }) => why === 'from-shell') || placeholderFields(configuration).size > 0;
  const reasons = [
    ...(isRejected ? ['Kapacitor rejects the values they depend on'] : []),
    ...(isUnknown || !isRejected ? ['the values they depend on are not known to kapadmin'] : []),
  ];
  return reasons.join(', or ');
}

/** From lines of a text that edits made to those of the text before. */
export type LineMap = (line: number) => number;

export const identityLines: LineMap = (line) => line;

/** The input with another text of the file; its lines are mapped by `lineAsRead`. */
export function withText(input: ConfigInput, text: string, lineAsRead: LineMap = identityLines): ConfigInput {
  return { ...input, file: input.file && { ...input.file, content: encodeFile(text), lineAsRead } };
}

/** The input with other values of variables, and without one that the daemon does not read. */
export function withVariables(input: ConfigInput, set: ReadonlyMap<string, string>, without?: string): ConfigInput {
  const variables = new Map([...input.environment.variables, ...set]);
  const others = new Map([...input.environment.others].filter(([name]) => name !== without));
  return { ...input, environment: { ...input.environment, variables, others } };
}

/** The input with other names in the file of variables; that of compose is not read again. */
export function withRenamedVariables(input: ConfigInput, renamings: readonly VariableRenaming[]): ConfigInput {
  const { environment } = input;
  const { file } = environment;
  if (file === undefined) return input;
  const text = renameVariables(file.text, renamings);
  if (file.form === 'compose') {
    const isRenamed = (name: string): boolean => renamings.some((one) => one.name === name);
    const given = environment.dropped.filter(({ name, value }) => value !== undefined && isRenamed(name));
    const dropped = environment.dropped.filter((one) => !given.includes(one));
    let now: ConfigInput = { ...input, environment: { ...environment, dropped, file: { ...file, text } } };
    for (const { name, to } of renamings) {
      const value = given.find((one) => one.name === name)?.value?.reveal() ?? environment.others.get(name);
      now = withVariables(now, new Map([[to, value ?? '']]), name);
    }
    return now;
  }
  const { lines, ...read } = toKapacitorEnvironment(readEnvironmentLines(text, file.form));
  return { ...input, environment: { ...environment, ...read, file: { ...file, lines, text } } };
}

/** Whether the daemon starts with a configuration, as far as is checked. */
export function daemonStarts(
  { file, environment: { variables }, version }: ConfigInput,
  tlsFiles: ConfigTlsFiles,
): boolean {
  const content = file?.content ?? '';
  const reading = readConfiguration(content, variables, version);
  return (
    reading.starts &&
    checkOnThisMachine(reading.configuration, tlsFiles).starts &&
    (file === undefined || otherSectionFaults(content, variables, version).length === 0)
  );
}

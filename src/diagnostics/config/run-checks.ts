import type { Field } from '../../kapacitor-config/fields.js';
import type { FindingId } from '../rules/registry.js';
import { accessChecks, cacheChecks } from './access-checks.js';
import { canRun, type Check, type ConfigFacts, type ConfigFinding } from './facts.js';
import { isTemplate, startFindings, templateFinding, versionFindings } from './start-checks.js';
import { exposedFiles, placeholderFields, placeholderFindings, secretChecks } from './secret-checks.js';
import type { ConfigInput, TlsFiles } from './input.js';
import { keyFindings, sectionFindings } from './key-checks.js';
import { type LenientReading, readLeniently } from './lenient-parse.js';
import { metaChecks } from './meta-checks.js';
import { namedFiles, tlsFileChecks } from './tls-file-checks.js';
import { tlsSettingChecks } from './tls-setting-checks.js';
import { overriding, variableFindings } from './variable-checks.js';

const checks: readonly Check[] = [
  ...accessChecks,
  ...metaChecks,
  ...tlsSettingChecks,
  ...tlsFileChecks,
  ...cacheChecks,
  ...secretChecks,
];

const noFields: ReadonlySet<Field> = new Set();

const readings = new WeakMap<ConfigInput, LenientReading>();

/** The same reading for the same input. */
function read(input: ConfigInput): LenientReading {
  const known = readings.get(input);
  if (known !== undefined) return known;
  const { variables, dropped } = input.environment;
  const unknown = dropped.filter(({ why }) => why === 'from-shell').map(({ name }) => name);
  const reading = readLeniently(input.file?.content ?? '', variables, {
    unknownVariables: unknown,
    isFile: input.file !== undefined,
    version: input.version,
  });
  readings.set(input, reading);
  return reading;
}

/** The files that the checks want to know, by the path in the configuration. */
export function filesToRead(input: ConfigInput): readonly string[] {
  const { configuration } = read(input);
  return configuration === undefined ? [] : namedFiles(configuration);
}

/** What is wrong with a kapacitor.conf and its environment, each with the edits that mend it. */
export function findInConfig(input: ConfigInput, tlsFiles: TlsFiles): readonly ConfigFinding[] {
  const reading = read(input);
  const { file, configuration } = reading;
  if (isTemplate(file)) return [templateFinding(input, file)];
  const filled = configuration === undefined ? noFields : placeholderFields(configuration);
  const unknown = new Set([...reading.unknown, ...filled]);
  const facts: ConfigFacts | undefined = configuration && { input, file, configuration, unknown, tlsFiles };
  const runnable = facts === undefined ? [] : checks.filter((check) => canRun(check, unknown));
  const names = [
    ...(configuration === undefined ? [] : overriding(input, configuration)),
    ...exposedFiles(input, file.text),
  ];
  return [
    ...startFindings(input, reading),
    ...sectionFindings(input, file),
    ...keyFindings(input, file),
    ...versionFindings(input, file),
    ...runnable.flatMap((check) => (facts === undefined ? [] : check.find(facts))),
    ...(facts === undefined ? [] : placeholderFindings(facts, filled)),
    ...variableFindings(input),
    ...names.map((finding) => ({ finding })),
  ];
}

/** The findings that no check could look for. */
export function uncheckedIds(input: ConfigInput): ReadonlySet<FindingId> {
  const { configuration, unknown: refused, refusals } = read(input);
  const unknown = new Set([...refused, ...(configuration === undefined ? noFields : placeholderFields(configuration))]);
  const skipped = checks.filter((check) => configuration === undefined || !canRun(check, unknown));
  const run = new Set(checks.filter((check) => !skipped.includes(check)).flatMap(({ gives }) => gives));
  // Of a variable that is refused nobody knows whether its value is that of the file.
  const overridden = refusals.some(({ about }) => about === 'variable') ? (['overridden'] as const) : [];
  return new Set([...skipped.flatMap(({ gives }) => gives).filter((id) => !run.has(id)), ...overridden]);
}

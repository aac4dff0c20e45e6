import type { ConfigField } from '../../kapacitor-config/fields.js';
import type { FindingId } from '../rules/registry.js';
import { accessChecks, cacheChecks } from './access-checks.js';
import { canRunCheck, type ConfigCheck, type ConfigFacts, type ConfigFinding } from './facts.js';
import { isTemplate, startFindings, templateFinding, versionFindings } from './start-checks.js';
import { exposedFiles, placeholderFields, placeholderFindings, secretChecks } from './secret-checks.js';
import type { ConfigInput, ConfigTlsFiles } from './input.js';
import { keyFindings, sectionFindings } from './key-checks.js';
import { type LenientResult, parseLeniently } from './lenient-parse.js';
import { metaChecks } from './meta-checks.js';
import { tlsFilePaths, tlsFileChecks } from './tls-file-checks.js';
import { tlsSettingChecks } from './tls-setting-checks.js';
import { overrideFindings, variableFindings } from './variable-checks.js';

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

/** What is wrong with a kapacitor.conf and its environment, each with the edits that fix it. */
export function runConfigChecks(input: ConfigInput, tlsFiles: ConfigTlsFiles): readonly ConfigFinding[] {
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
    ...versionFindings(input, file),
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

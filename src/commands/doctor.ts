import { createBundle, diagnose, type DoctorReport } from '../diagnostics/doctor/diagnose.js';
import { gatherFacts } from '../doctor/gather.js';
import { outputWriteError, renderJson } from '../output/render.js';
import { effectiveConfig, type EffectiveConfig } from '../diagnostics/config/facts.js';
import type { Command } from 'commander';
import type { ClusterSupport } from '../cli/run-on-clusters.js';
import type { Factory } from '../cli/factory.js';
import { KapadminError, usageError } from '../errors.js';
import type { Fix } from '../diagnostics/finding.js';
import { addFlags } from '../model/shell-command.js';
import { showFile, showName } from '../model/text.js';
import { splitUrl } from '../model/urls.js';
import { clusterReportsView, conformanceView, doctorView } from '../output/views/doctor.js';
import { addKapacitorVersionFlag, type KapacitorVersionFlag, parseVersionFlag } from '../settings/kapacitor-version.js';
import { checkFormat, type GlobalFlags, refuseForClusters } from '../settings/flags.js';
import type { Result } from '../output/view.js';
import type { ConformanceReport, DoctorFacts } from '../diagnostics/doctor/facts.js';
import type { Settings } from '../settings/settings.js';
import { resolvePath } from '../settings/files-and-stdin.js';
import {
  addKapacitorFlags,
  type KapacitorFlags,
  kapacitorOptions,
  locateKapacitorConf,
} from '../settings/locate-kapacitor-conf.js';
import { readInput, readTlsFiles } from './config/input.js';
import {
  addFindingsFlags,
  findingFormats,
  type FindingsFlags,
  findingsOutput,
  findingsResult,
} from './findings-output.js';

export const formats = findingFormats;

export interface DoctorOptions extends KapacitorFlags, KapacitorVersionFlag, FindingsFlags {
  readonly kapacitor?: string;
  readonly probe?: boolean;
  readonly yes?: boolean;
  readonly bundle?: string;
  readonly conformance?: string;
}

export const clusters: ClusterSupport<DoctorOptions> = {
  formats: findingFormats,
  view: async (options, factory) =>
    clusterReportsView(await findingsOutput(options, () => confPath(options, factory), factory)),
  prepare: (options) => {
    const { bundle, conformance, kapacitor, probe } = options;
    const flags = { '--bundle': bundle, '--conformance': conformance, '--kapacitor': kapacitor, '--probe': probe };
    refuseForClusters(flags);
    return Promise.resolve(options);
  },
};

/** The report with the profile in its commands, where a flag names it: without it they would change another cluster. */
function withProfile(report: DoctorReport, { profile: [profile] = [] }: GlobalFlags): DoctorReport {
  if (profile === undefined) return report;
  const complete = (fix: Fix): Fix => {
    const isOurs = fix.command?.words[0] === 'kapadmin';
    return isOurs ? { ...fix, command: addFlags(fix.command, ['--profile', profile]) } : fix;
  };
  return {
    ...report,
    findings: report.findings.map((one) => ({ ...one, fixes: one.fixes.map(complete) })),
    ...(report.next === undefined ? {} : { next: report.next.map(complete) }),
  };
}

const examples = `
Only reads, except with --probe and --conformance. A report of --conformance
holds no names, hosts or secrets: please share it.
To explain a finding: kapadmin explain ID

Examples:
  kapadmin doctor
  kapadmin doctor --kapacitor http://localhost:9092 --kapacitor-conf kapacitor.conf
  kapadmin doctor --fail-on warning -o junit
  kapadmin doctor --profile prod --profile lab
  kapadmin doctor --conformance report.json
  kapadmin doctor --bundle support.json`;

export function define(command: Command, action: (options: DoctorOptions) => Promise<void>): void {
  command
    .optionsGroup('Checks:')
    .option('--kapacitor <url>', 'also check a running Kapacitor: who can log in without a valid password')
    .option('--probe', 'create a temporary user and role to see if user records include role permissions')
    .option('--conformance <file>', 'probe what is not documented with temporary users and roles, and write a report')
    .option('--yes', 'do not ask before --probe or --conformance writes')
    .optionsGroup('Results:')
    .option('--bundle <file>', 'write everything read to a file for support, without secrets');
  addFindingsFlags(command);
  addKapacitorFlags(command);
  addKapacitorVersionFlag(command);
  command.addHelpText('after', examples).action((options: DoctorOptions) => action(options));
}

/** Asks before anything is written. Throws a usage error where that is declined. */
async function confirmProbe(flag: string, what: string, { yes = false }: DoctorOptions, factory: Factory) {
  if (yes) return;
  if (!factory.context.io.isInteractive) {
    const message = `${flag} writes to the cluster and requires --yes without a terminal`;
    throw usageError('not-confirmed', message, 'No changes were made.');
  }
  const question = `Create and delete ${what} (kapadmin-probe-...)? Type "yes" to continue`;
  const isConfirmed = await (await factory.prompter()).confirmByTyping(question, 'yes');
  if (!isConfirmed) throw usageError('not-confirmed', 'not confirmed: no changes were made');
}

/** Throws a usage error for an invalid URL of --kapacitor; credentials in it are ignored. */
function checkKapacitorUrl(url: string | undefined, factory: Factory): void {
  if (url === undefined) return;
  if (splitUrl(url, '--kapacitor').account === undefined) return;
  factory.logger.warn('the credentials in --kapacitor are ignored: doctor sends no valid credentials to Kapacitor');
}

/** Kapacitor's configuration with `***` for secrets; undefined if none can be read. */
async function readEffectiveConfig(options: DoctorOptions, factory: Factory): Promise<EffectiveConfig | undefined> {
  try {
    const input = await readInput(options, factory);
    return effectiveConfig(input, await readTlsFiles(input, factory));
  } catch (error) {
    if (error instanceof KapadminError) return undefined;
    throw error;
  }
}

function connectionJson({ nodes, credentials, tls, tlsFiles, limits, profile, readLeader }: Settings): unknown {
  const { kind } = credentials;
  const username = kind === 'none' ? null : credentials.username;
  const verifies = tls.insecureSkipVerify !== true;
  return { nodes, account: { kind, username }, verifies, tlsFiles, limits, readLeader, profile: profile ?? null };
}

/** Resolves to why the bundle cannot be written. */
async function writeBundle(
  file: string,
  report: DoctorReport,
  facts: DoctorFacts,
  options: DoctorOptions,
  factory: Factory,
): Promise<KapadminError | undefined> {
  const connection = connectionJson(await factory.settings());
  const about = { kapadmin: KAPADMIN_VERSION, connection, kapacitor: await readEffectiveConfig(options, factory) };
  const text = `${renderJson(createBundle(report, facts, about))}\n`;
  try {
    await factory.context.files.writeFileAtomic(file, text, 0o600);
  } catch (error) {
    return outputWriteError(error, factory.context.stop, undefined);
  }
  factory.logger.info('The bundle contains names of users, roles and hosts, but no passwords, hashes or secrets.');
  return undefined;
}

/** The kapacitor.conf that the command reads; undefined if none can be read. */
async function confPath(options: DoctorOptions, { context }: Factory): Promise<string | undefined> {
  try {
    return (await locateKapacitorConf(kapacitorOptions(options), context)).file?.path;
  } catch (error) {
    if (error instanceof KapadminError && options.kapacitorConf === undefined) return undefined;
    throw error;
  }
}

/**
 * Saves the result of a probe in the current profile. Without a profile, or if its file cannot be written, a note is
 * printed.
 */
async function saveRolesInUserRecords(rolesCopied: 'yes' | 'no', factory: Factory): Promise<void> {
  const { context, flags, logger } = factory;
  const settings = await factory.settings();
  if (settings.rolesInUserRecords === rolesCopied) return;
  if (settings.clusterProfile === undefined) {
    logger.info(
      'The result is not saved: this connection does not use a profile. To create one: kapadmin profile add NAME',
    );
    return;
  }
  const { saveUserConfig } = await import('../settings/config-editor.js');
  const profile = settings.clusterProfile;
  try {
    const file = await saveUserConfig(context, flags, (draft) =>
      draft.setKey(profile, 'rolesInUserRecords', rolesCopied),
    );
    logger.info(`Saved in profile ${showName(profile)} (${showFile(file)}): rolesInUserRecords: ${rolesCopied}`);
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    logger.warn(`rolesInUserRecords: ${rolesCopied} was not saved in profile ${showName(profile)}: ${error.message}`);
  }
}

/** Runs the probes, and writes their report. */
async function runProbes(name: string, options: DoctorOptions, factory: Factory): Promise<Result<ConformanceReport>> {
  const { context, logger } = factory;
  checkFormat(await factory.outputFormat(findingFormats), []);
  const file = resolvePath(name, context);
  await context.files.checkWritable(file);
  await confirmProbe('--conformance', 'temporary users and roles', options, factory);
  const { runConformance } = await import('../doctor/conformance/run.js');
  const settings = await factory.settings();
  const { report, failure } = await factory.status.withSpinner('probing the cluster', () =>
    runConformance(settings, factory),
  );
  const included = report.answers['roles-in-user-records']?.facts['included'];
  if (typeof included === 'boolean') await saveRolesInUserRecords(included ? 'yes' : 'no', factory);
  try {
    await context.files.writeFileAtomic(file, `${renderJson(report)}\n`, 0o600);
  } catch (error) {
    throw outputWriteError(error, context.stop, undefined);
  }
  logger.info(
    `The report in ${showFile(name)} holds no names, hosts or secrets. Please share it: see CONTRIBUTING.md.`,
  );
  return { data: report, view: conformanceView, ...(failure === undefined ? {} : { failure }) };
}

export async function run(
  options: DoctorOptions,
  factory: Factory,
): Promise<Result<DoctorReport> | Result<ConformanceReport>> {
  if (options.conformance !== undefined) {
    if (factory.flags.dryRun !== true) return runProbes(options.conformance, options, factory);
    factory.logger.info('Dry run: --conformance was skipped.');
  }
  const { clock } = factory.context;
  const began = clock.now();
  const output = await findingsOutput(options, () => confPath(options, factory), factory);
  checkKapacitorUrl(options.kapacitor, factory);
  const isDry = factory.flags.dryRun === true;
  if (options.probe === true && isDry) factory.logger.info('Dry run: --probe was skipped.');
  const probe = options.probe === true && !isDry;
  const bundle = options.bundle === undefined ? undefined : resolvePath(options.bundle, factory.context);
  if (bundle !== undefined) await factory.context.files.checkWritable(bundle);
  if (probe) await confirmProbe('--probe', 'a temporary user and role', options, factory);
  const settings = await factory.settings();
  const version = parseVersionFlag(options) ?? settings.kapacitorVersion;
  const kapacitorConf = { ...kapacitorOptions(options), version };
  const request = { kapacitorConf, kapacitor: options.kapacitor, probe };
  const facts = await factory.status.withSpinner('reading the cluster', () => gatherFacts(request, settings, factory));
  const report = withProfile(diagnose(facts), factory.flags);
  if (facts.probe?.shown.ok === true) await saveRolesInUserRecords(facts.probe.shown.value ? 'yes' : 'no', factory);
  const failure = bundle === undefined ? undefined : await writeBundle(bundle, report, facts, options, factory);
  const timed = { ...output, milliseconds: clock.now() - began };
  const result = { ...findingsResult(report, timed), data: report, view: doctorView(timed) };
  return failure === undefined ? result : { ...result, failure };
}

import type { Factory } from '../../cli/factory.js';
import { type KapadminError, usageError } from '../../errors.js';
import type { TestRequest } from '../../auth-test/requests.js';
import type { LoginTestResult } from '../../auth-test/test-login.js';
import { readSecretFile, resolvePath } from '../../settings/read-input.js';
import type { Command } from 'commander';
import type { LiveOptions } from '../../auth-test/live-kapacitor.js';
import type { LoginReport } from '../../auth-test/report.js';
import type { Secret } from '../../model/secret.js';
import type { Result } from '../../output/view.js';
import type { PlayedScenario } from '../../scenario/play.js';
import type { Scenario } from '../../scenario/scenario.js';
import { addPasswordFlags, hasPasswordSource, type PasswordFlags, readPassword } from '../../settings/password.js';
import { isInteractive } from '../../prompt/prompter.js';
import {
  addKapacitorFlags,
  addKapacitorVersionFlag,
  resolveKapacitorVersion,
  type KapacitorFlags,
  kapacitorOptions,
  type KapacitorVersionFlag,
  parseVersionFlag,
} from '../../settings/kapacitor-conf.js';

/** Throws a usage error where a login test cannot be recorded into this file. */
export async function checkRecord(file: string, requests: readonly TestRequest[], factory: Factory): Promise<void> {
  const { recordingFormat } = await import('../../scenario/record.js');
  recordingFormat(file);
  if (requests.length !== 1) {
    throw usageError('no-path', '--record requires a path in --url', 'A scenario records one request.');
  }
  await factory.context.files.checkWritable(resolvePath(file, factory.context));
}

/** Writes the scenario that replays a login test; it is private (0600). Resolves to why it cannot be written. */
export async function writeRecording(
  file: string,
  request: TestRequest,
  { session }: LoginTestResult,
  factory: Factory,
): Promise<KapadminError | undefined> {
  const { logger, context } = factory;
  if (session === undefined) {
    logger.warn('nothing was recorded: Kapacitor does not start with this configuration');
    return undefined;
  }
  const { recordingFormat, recordScenario, scenarioText } = await import('../../scenario/record.js');
  const { createPlayTools } = await import('../../scenario/play-tools.js');
  const name = file.replace(/^.*\/|\.[^.]*$/gs, '');
  const scenario = await recordScenario(name, { ...session, request: request.request }, createPlayTools(context));
  const text = await scenarioText(scenario, recordingFormat(file));
  try {
    await context.files.writeFileAtomic(resolvePath(file, context), text, 0o600);
  } catch (error) {
    const { outputWriteError } = await import('../../output/render-error.js');
    return outputWriteError(error, context.stop, undefined);
  }
  const { observed } = session;
  const replayNote =
    observed === undefined
      ? ''
      : ` The live response (${observed.status}) differs from the prediction, so the replay will fail.`;
  logger.info(`Recorded in ${file}; passwords, hashes and tokens are replaced by placeholders.${replayNote}`);
  return undefined;
}

export const formats = ['junit'] as const;

interface TestOptions extends PasswordFlags, KapacitorFlags, KapacitorVersionFlag {
  readonly scenario?: readonly string[];
  readonly url?: string;
  readonly user?: string;
  readonly tokenFile?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly at?: string;
  readonly live?: boolean;
  readonly liveAnyMethod?: boolean;
  readonly liveCa?: string;
  readonly record?: string;
  readonly strict?: boolean;
}

/** All that a first login test needs; the others follow in the help. */
const mainFlags: ReadonlySet<string> = new Set([
  '--url',
  '--user',
  '--password-stdin',
  '--password-file',
  '--password-env',
  '--password',
  '--kapacitor-conf',
]);

const examples = `
Examples:
  kapadmin auth test --url http://localhost:9092/kapacitor/v1/tasks --user johndoe --password-stdin
  kapadmin auth test --url http://localhost:9092 --user johndoe --password-file pw   # the standard endpoints
  kapadmin auth test --scenario access.yaml -o junit`;

export function define(command: Command, action: (options: TestOptions) => Promise<void>): void {
  command
    .option('--url <url>', 'URL of Kapacitor or of an endpoint (default KAPACITOR_URL)')
    .option('--user <name>', 'user who logs in')
    .option('--method <method>', 'HTTP method (GET)')
    .option('--header <line...>', 'HTTP header, "Name: value"')
    .option('--token-file <file>', 'read a bearer token from a file');
  addPasswordFlags(command, "the user's password");
  command
    .option('--at <times>', 'repeat the request at these times after the start, such as 0s,5m,11m')
    .option('--live', 'also send the request to Kapacitor and compare (GET, HEAD, OPTIONS)')
    .option('--live-any-method', 'with --live: allow methods that may change something')
    .option('--live-ca <file>', 'with --live: CA certificates of Kapacitor (PEM)')
    .option('--record <file>', 'save a scenario that replays the request, with secrets replaced (.yaml or .json)')
    .option('--scenario <file...>', 'run scenario files offline')
    .option('--strict', 'with --scenario: fail files that check nothing (exit 1)');
  addKapacitorFlags(command);
  addKapacitorVersionFlag(command);
  for (const option of command.options) {
    option.helpGroup(mainFlags.has(option.long ?? '') ? 'The login:' : 'Rarely needed:');
  }
  command
    .optionsGroup('Rarely needed:')
    .addHelpText('after', examples)
    .action((options: TestOptions) => action(options));
}

/** Why playing a scenario proves nothing. */
function emptyScenarioReason({ steps, expect }: Scenario): string | undefined {
  const isEmpty = (value: object | undefined): boolean => value === undefined || Object.keys(value).length === 0;
  if (!isEmpty(expect) || steps.some((step) => !isEmpty(step.expect))) return undefined;
  return steps.length === 0 ? 'no steps: nothing is run' : 'no expectations: nothing is checked';
}

/** The flag counts before what a file says; the environment and the profile count where it says nothing. */
async function withVersion(scenario: Scenario, options: TestOptions, factory: Factory): Promise<Scenario> {
  const version = parseVersionFlag(options) ?? scenario.version ?? (await resolveKapacitorVersion(options, factory));
  return { ...scenario, version };
}

async function runScenarios(
  files: readonly string[],
  options: TestOptions,
  factory: Factory,
): Promise<Result<readonly PlayedScenario[]>> {
  const { loadScenario } = await import('../../scenario/load.js');
  const { playScenario } = await import('../../scenario/play.js');
  const { createPlayTools } = await import('../../scenario/play-tools.js');
  const { scenariosView, strictScenariosView } = await import('../../output/views/scenarios.js');
  const scenarios: { readonly scenario: Scenario; readonly reason: string | undefined }[] = [];
  for (const file of files) {
    const scenario = await withVersion(await loadScenario(file, factory.context), options, factory);
    const reason = emptyScenarioReason(scenario);
    if (reason !== undefined) factory.logger.warn(`${file}: ${reason}`);
    scenarios.push({ scenario, reason });
  }
  const tools = createPlayTools(factory.context);
  const played: PlayedScenario[] = [];
  const lacks = new Map<PlayedScenario, string>();
  for (const { scenario, reason } of scenarios) {
    const one = await playScenario(scenario, tools);
    played.push(one);
    if (reason !== undefined && options.strict === true) lacks.set(one, reason);
  }
  const failed = played.some((scenario) => scenario.passed === false) || lacks.size > 0;
  const view = lacks.size > 0 ? strictScenariosView(lacks) : scenariosView;
  return { data: played, view, ...(failed ? { end: 'no' as const } : {}) };
}

/** Whether the flags name a user or say that no credentials are sent. */
function namesUser({ user, tokenFile, header = [], method }: TestOptions, url: string): boolean {
  return (
    user !== undefined ||
    tokenFile !== undefined ||
    method === 'OPTIONS' ||
    header.some((line) => /^authorization[ \t]*:/i.test(line)) ||
    /^[a-z]+:\/\/[^/?#]*@|[?&]u=/i.test(url)
  );
}

/** The options with the user that a person at the terminal names, where the words name none. */
async function withUser(options: TestOptions, url: string, factory: Factory): Promise<TestOptions> {
  if (namesUser(options, url) || !isInteractive(factory.context)) return options;
  const prompter = await factory.prompter();
  const user = await prompter.text('User (empty: no credentials)', '--user');
  return user === '' ? options : { ...options, user };
}

async function readLoginPassword(options: TestOptions, factory: Factory): Promise<Secret | undefined> {
  if (options.user === undefined) {
    if (!hasPasswordSource(options)) return undefined;
    throw usageError('no-user', 'a password is given, but no user', 'Add --user NAME.');
  }
  const asking = { twice: false, empty: true };
  return (await readPassword(options, factory, `Password of ${options.user}`, asking)).secret;
}

/** Whether and how to send the request to Kapacitor itself. */
async function liveOptions(
  options: TestOptions,
  requests: readonly TestRequest[],
  factory: Factory,
): Promise<LiveOptions | undefined> {
  const { live, liveAnyMethod = false, liveCa } = options;
  if (live !== true) {
    if (liveAnyMethod || liveCa !== undefined)
      throw usageError('no-live', '--live-any-method and --live-ca require --live');
    return undefined;
  }
  if (options.at !== undefined) {
    throw usageError('two-times', '--live and --at cannot be combined', 'Use one of them.');
  }
  const { checkLive } = await import('../../auth-test/live-kapacitor.js');
  const { readCertificates } = await import('../../settings/credentials.js');
  const ca = liveCa === undefined ? undefined : await readCertificates(liveCa, '--live-ca', factory.context);
  const liveSettings = { anyMethod: liveAnyMethod, ca };
  checkLive(requests, liveSettings);
  return liveSettings;
}

async function runLive(flags: TestOptions, factory: Factory): Promise<Result<LoginReport>> {
  const url = flags.url ?? factory.context.env['KAPACITOR_URL'];
  if (url === undefined || url === '') {
    throw usageError('no-request', 'no URL given', 'Add --url URL (or set KAPACITOR_URL), or --scenario FILE.');
  }
  const { buildTestRequests, parseTimePoints } = await import('../../auth-test/requests.js');
  const { testLogin } = await import('../../auth-test/test-login.js');
  const { authTestView } = await import('../../output/views/auth-test.js');
  const options = await withUser(flags, url, factory);
  if (options.url !== undefined && /^[a-z]+:\/\/[^/?#]*:[^/?#]*@/i.test(options.url)) {
    factory.logger.warn('the password in --url is visible in the process list and in the shell history');
  }
  const timePoints = parseTimePoints(options.at);
  const password = await readLoginPassword(options, factory);
  const file = options.tokenFile;
  if (file !== undefined && options.user !== undefined) {
    throw usageError('two-users', '--token-file and --user cannot be combined', 'Use one of them.');
  }
  const token = file === undefined ? undefined : await readSecretFile(factory, file, '--token-file');
  const requests = buildTestRequests(
    { ...options, url, urlSource: options.url === undefined ? 'KAPACITOR_URL' : '--url' },
    password,
    token,
  );
  const live = await liveOptions(options, requests, factory);
  const version = await resolveKapacitorVersion(options, factory);
  const login = { kapacitor: { ...kapacitorOptions(options), version }, requests, timePoints, live };
  const { record } = options;
  if (record !== undefined) await checkRecord(record, requests, factory);
  const result = await factory.status.withSpinner('testing the login', () => testLogin(login, factory));
  const { report, end } = result;
  const recordingError = record === undefined ? undefined : await writeRecording(record, requests[0]!, result, factory);
  const failure = result.failure ?? recordingError;
  return { data: report, view: authTestView, end, ...(failure === undefined ? {} : { failure }) };
}

export function run(options: TestOptions, factory: Factory): Promise<Result<unknown>> {
  if (options.scenario === undefined) {
    if (options.strict === true) throw usageError('no-scenario', '--strict requires --scenario');
    return runLive(options, factory);
  }
  const { record, live } = options;
  const conflicting = record !== undefined ? '--record' : live === true ? '--live' : undefined;
  if (conflicting !== undefined) throw usageError('two-requests', `${conflicting} cannot be combined with --scenario`);
  if (options.url === undefined) {
    return runScenarios(options.scenario, options, factory);
  }
  throw usageError('two-requests', '--scenario and --url cannot be combined', 'Use one of them.');
}

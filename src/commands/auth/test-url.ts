import { checkLive, type LiveOptions } from '../../auth-test/live-kapacitor.js';
import type { LoginReport } from '../../auth-test/report.js';
import { buildTestRequests, parseTimePoints, type TestRequest } from '../../auth-test/requests.js';
import { type LoginTestResult, testLogin } from '../../auth-test/test-login.js';
import type { Factory } from '../../cli/factory.js';
import { type KapadminError, usageError } from '../../errors.js';
import type { Secret } from '../../model/secret.js';
import { outputWriteError } from '../../output/render.js';
import type { Result } from '../../output/view.js';
import { authTestView } from '../../output/views/auth-test.js';
import { readCertificates } from '../../settings/credentials.js';
import { hasPasswordSource, type PasswordFlags, readPassword } from '../../settings/password-flags.js';
import { readSecretFile } from '../../settings/secrets.js';
import { resolvePath } from '../../settings/files-and-stdin.js';
import { type KapacitorFlags, kapacitorOptions } from '../../settings/locate-kapacitor-conf.js';
import { type KapacitorVersionFlag, resolveKapacitorVersion } from '../../settings/kapacitor-version.js';

/** The flags of `auth test` but for those of scenarios. */
export interface RequestFlags extends PasswordFlags, KapacitorFlags, KapacitorVersionFlag {
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
}

/** Throws a usage error where a login test cannot be recorded into this file. */
async function checkRecord(file: string, requests: readonly TestRequest[], factory: Factory): Promise<void> {
  const { recordingFormat } = await import('../../scenario/record.js');
  recordingFormat(file);
  if (requests.length !== 1) {
    throw usageError('no-path', '--record requires a path in --url', 'A scenario records one request.');
  }
  await factory.context.files.checkWritable(resolvePath(file, factory.context));
}

/** Writes the scenario that replays a login test; it is private (0600). Resolves to why it cannot be written. */
async function writeRecording(
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
  const { createPlayTools } = await import('../../scenario/play.js');
  const name = file.replace(/^.*\/|\.[^.]*$/gs, '');
  const scenario = await recordScenario(name, { ...session, request: request.request }, createPlayTools(context));
  const text = await scenarioText(scenario, recordingFormat(file));
  try {
    await context.files.writeFileAtomic(resolvePath(file, context), text, 0o600);
  } catch (error) {
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

/** Whether the flags name a user or say that no credentials are sent. */
function namesUser({ user, tokenFile, header = [], method }: RequestFlags, url: string): boolean {
  return (
    user !== undefined ||
    tokenFile !== undefined ||
    method === 'OPTIONS' ||
    header.some((line) => /^authorization[ \t]*:/i.test(line)) ||
    /^[a-z]+:\/\/[^/?#]*@|[?&]u=/i.test(url)
  );
}

/** The options with the user that a person at the terminal names, where the words name none. */
async function withUser(options: RequestFlags, url: string, factory: Factory): Promise<RequestFlags> {
  if (namesUser(options, url) || !factory.context.io.isInteractive) return options;
  const prompter = await factory.prompter();
  const user = await prompter.text('User (empty: no credentials)', '--user');
  return user === '' ? options : { ...options, user };
}

async function readLoginPassword(options: RequestFlags, factory: Factory): Promise<Secret | undefined> {
  if (options.user === undefined) {
    if (!hasPasswordSource(options)) return undefined;
    throw usageError('no-user', 'a password is given, but no user', 'Add --user NAME.');
  }
  const asking = { twice: false, empty: true };
  return (await readPassword(options, factory, `Password of ${options.user}`, asking)).secret;
}

/** Whether and how to send the request to Kapacitor itself. */
async function liveOptions(
  options: RequestFlags,
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
  const ca = liveCa === undefined ? undefined : await readCertificates(liveCa, '--live-ca', factory.context);
  const liveSettings = { anyMethod: liveAnyMethod, ca };
  checkLive(requests, liveSettings);
  return liveSettings;
}

/** `auth test --url`. */
export async function testUrl(flags: RequestFlags, factory: Factory): Promise<Result<LoginReport>> {
  const url = flags.url ?? factory.context.env['KAPACITOR_URL'];
  if (url === undefined || url === '') {
    throw usageError('no-request', 'no URL given', 'Add --url URL (or set KAPACITOR_URL), or --scenario FILE.');
  }
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

import type { Factory } from '../../cli/factory.js';
import { type ErrorKind, KapadminError, stopKind } from '../../errors.js';
import { cleanPath } from '../../go-compat/url.js';
import { transportErrorKind, transportErrorText } from '../../meta/errors.js';
import type { RawClient } from '../../meta/client.js';
import { displayBody } from '../../meta/redact.js';
import { createTlsDetector } from '../../meta/send-to-node.js';
import { type HttpResponse, TransportError } from '../../meta/transport/exchange.js';
import type { TransportErrorCode } from '../../meta/transport/error-codes.js';
import { speaksTls } from '../../meta/transport/connections.js';
import type { Secret } from '../../model/secret.js';
import { commandLine } from '../../model/shell-command.js';
import { showName } from '../../model/text.js';
import { basicHeader } from '../../go-compat/base64.js';
import type { FlushResult } from '../../output/views/flush.js';
import { curlLine } from '../../settings/request-as-curl.js';

const collection = '/kapacitor/v1/users/';

/** Whether Kapacitor's mux takes the path of a name as it is: it redirects to a clean path, which is another name's. */
export function isFlushable(name: string): boolean {
  const path = collection + name;
  return name !== '' && !/[\ud800-\udfff]/u.test(name) && cleanPath(path) === path.replace(/\/$/, '');
}

/** A running Kapacitor, and an account that may delete users there. */
export interface FlushAccount {
  readonly origin: string;
  readonly username: string;
  readonly password: Secret;
}

export interface FlushOptions {
  readonly names: readonly string[];
  readonly deleteLocal: boolean;
  readonly dryRun: boolean;
  /** The file of `--kapacitor-ca`, for what `--show-request` prints. */
  readonly caFile: string | undefined;
}

const tlsProbeTimeout = 2000;

const transportHints: Partial<Record<TransportErrorCode, string>> = {
  'connection-refused': 'Is Kapacitor up? It listens on port 9092.',
  'https-to-plain-http': 'Use http:// in --kapacitor.',
  'plain-http-to-https': 'Use https:// in --kapacitor.',
  'self-signed': 'Trust its certificate authority with --kapacitor-ca FILE.',
  'connect-timeout': 'Raise the limit with --connect-timeout.',
  timeout: 'Raise the limit with --timeout; Kapacitor may wait 10 s for the meta node.',
};

/** Nothing else can succeed at this Kapacitor either. */
const hopeless: ReadonlySet<ErrorKind> = new Set(['unreachable', 'refused']);

type Outcome = Pick<FlushResult, 'status' | 'deletedLocal' | 'error'>;

function failed(error: KapadminError): Outcome {
  return { status: 'failed', deletedLocal: false, error };
}

/** Requests about users to one Kapacitor. */
class UserRequests {
  readonly #client: RawClient;
  readonly #account: FlushAccount;
  readonly #caFile: string | undefined;
  readonly #factory: Factory;
  readonly #detectTls = createTlsDetector((origin) => speaksTls(origin, tlsProbeTimeout));

  constructor(client: RawClient, account: FlushAccount, caFile: string | undefined, factory: Factory) {
    this.#client = client;
    this.#account = account;
    this.#caFile = caFile;
    this.#factory = factory;
  }

  /** Rejects with a TransportError. */
  send(method: 'GET' | 'DELETE', name: string): Promise<HttpResponse> {
    const { origin, username, password } = this.#account;
    const path = collection + encodeURIComponent(name);
    const { context, flags, logger } = this.#factory;
    if (flags.showRequest === true) {
      const listed = { url: origin + path, method, account: { kind: 'basic', username } } as const;
      logger.request(curlLine(listed, { flags: ['--path-as-is'], tls: { ca: this.#caFile } }));
    }
    const headers = {
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      Authorization: basicHeader(username, password.reveal()),
    };
    const request = { origin, path, method, headers, body: undefined };
    return this.#detectTls(origin, () => this.#client.send(request, context.stop));
  }

  #error(kind: ErrorKind, code: string, name: string, why: string, hint?: string): KapadminError {
    const message = `cannot flush ${showName(name)} at ${this.#account.origin}: ${why}`;
    return new KapadminError(kind, code, message, { hint });
  }

  transportError(name: string, failure: TransportError): KapadminError {
    const why = transportErrorText(failure, { secrets: [this.#account.password.reveal()] });
    if (failure.code === 'aborted') return this.#error(stopKind(failure.underlying), 'aborted', name, why);
    const kind = transportErrorKind(failure);
    const code = kind === 'server' ? 'unexpected-response' : 'kapacitor-unreachable';
    return this.#error(kind, code, name, why, transportHints[failure.code]);
  }

  /** The error of a response that is not the expected one. */
  responseError(method: string, name: string, { status, body }: HttpResponse): KapadminError {
    const { username, password } = this.#account;
    const said = field(body, 'error');
    const text = displayBody(typeof said === 'string' ? Buffer.from(said) : body, [password.reveal()], 200);
    const why = `${method}: ${status} ${text}`.trimEnd();
    if (status === 401) {
      return this.#error('refused', 'credentials-refused', name, why, 'Check --kapacitor-user and its password.');
    }
    if (status === 403) {
      const grant = commandLine('kapadmin user grant', [username, 'KapacitorAPI']);
      return this.#error('refused', 'forbidden', name, why, `The account needs KapacitorAPI: ${String(grant)}`);
    }
    const hint =
      status === 404
        ? 'With [auth] enabled = false Kapacitor has no users and caches none. Else check --kapacitor.'
        : undefined;
    return this.#error('server', 'unexpected-response', name, why, hint);
  }

  localError(name: string): KapadminError {
    const why = "it is a user of Kapacitor's own store, which would be deleted";
    return this.#error('usage', 'local-user', name, why, 'To delete that user too, add --delete-local.');
  }
}

function field(body: Uint8Array, key: 'error' | 'name'): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  } catch {
    return undefined;
  }
}

/** services/auth/service.go, handleGetUser: whether Kapacitor's own store has the name; undefined for any other response. */
function isLocalUser(name: string, { status, body }: HttpResponse): boolean | undefined {
  if (status === 404 && field(body, 'error') === 'no user exists') return false;
  return status === 200 && field(body, 'name') === name ? true : undefined;
}

async function flushUser(name: string, requests: UserRequests, options: FlushOptions): Promise<Outcome> {
  let deletedLocal: boolean | undefined;
  try {
    const found = await requests.send('GET', name);
    deletedLocal = isLocalUser(name, found);
    if (deletedLocal === undefined) return failed(requests.responseError('GET', name, found));
    if (deletedLocal && !options.deleteLocal) return failed(requests.localError(name));
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return failed(requests.transportError(name, error));
  }
  if (options.dryRun) return { status: 'planned', deletedLocal };
  try {
    const deleted = await requests.send('DELETE', name);
    if (deleted.status === 204) return { status: 'flushed', deletedLocal };
    const error = requests.responseError('DELETE', name, deleted);
    return deleted.status < 500 ? failed(error) : { status: 'unknown', deletedLocal, error };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const status = error.sent ? 'unknown' : 'failed';
    return { status, deletedLocal: false, error: requests.transportError(name, error) };
  }
}

/**
 * Removes users from one Kapacitor's cache, one after the other, and only if its own store does not have the name. Ends
 * early if nothing else can succeed, or when stopped.
 */
export async function flushKapacitor(
  client: RawClient,
  account: FlushAccount,
  options: FlushOptions,
  factory: Factory,
): Promise<readonly FlushResult[]> {
  const { stop } = factory.context;
  const requests = new UserRequests(client, account, options.caFile, factory);
  const results: FlushResult[] = [];
  let isHalted = false;
  for (const name of options.names) {
    const isStarted = !isHalted && !stop.aborted;
    const outcome: Outcome = isStarted
      ? await flushUser(name, requests, options)
      : { status: 'not-started', deletedLocal: false };
    isHalted ||= outcome.error !== undefined && hopeless.has(outcome.error.kind);
    results.push({ kapacitor: account.origin, user: name, ...outcome });
  }
  return results;
}

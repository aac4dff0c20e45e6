import type { Context } from '../context.js';
import { KapadminError } from '../errors.js';
import { type ConfigField, configFields, type Configuration, variableName } from '../kapacitor-config/fields.js';
import type { DaemonSettings } from '../auth-engine/daemon-state.js';
import { toText } from '../go-compat/utf8.js';
import type { LookupStep } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import type { MetaRequestEffect } from '../auth-engine/effects.js';
import { createLiveMeta, evaluateRequest } from '../auth-test/live-meta-node.js';
import { secretsOfHeader } from '../auth-test/requests.js';
import { type SimulatedKapacitor, readSimulatedKapacitor } from '../auth-test/simulated-kapacitor.js';
import { basicHeader } from '../go-compat/base64.js';
import { createRawClient, type RawClient } from '../meta/client.js';
import { displayUrl, redact } from '../meta/redact.js';
import type { ConfiguredFacts, KapacitorAccount, KapacitorFacts, LookupFacts } from '../diagnostics/doctor/facts.js';
import { looksSwapped } from '../diagnostics/config/redact.js';
import { explainLookup } from '../diagnostics/login/failed-lookups.js';
import type { KapacitorConfOptions } from '../settings/locate-kapacitor-conf.js';
import type { Settings } from '../settings/settings.js';
import { type DoctorContext, logRequest, readCertificate, toReadFailure, tryRead } from './nodes.js';
import { createHmac } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { splitUrl } from '../model/urls.js';
import { transportMetaError } from '../meta/errors.js';
import type { ClientTlsOptions } from '../meta/client-types.js';
import { type HttpResponse, TransportError } from '../meta/transport/exchange.js';

/** The name to look up. No user has it, so a node that lets Kapacitor read responds "not found". */
const unknownUser = 'kapadmin-doctor';

type KnownTarget = SimulatedKapacitor & { readonly version: KapacitorVersion | undefined };

/** A daemon as its configuration at hand starts it, or why it is not known. */
export type LookupTarget = KnownTarget | { readonly why: string };

/** Reads the configuration; if the user did not name it, an unreadable file is no error. Sends nothing. */
export async function readLookupTarget(
  options: KapacitorConfOptions,
  context: Context,
  settings: Settings,
): Promise<LookupTarget> {
  try {
    const target = await readSimulatedKapacitor(options, context, () => Promise.resolve(settings));
    return { ...target, version: options.version };
  } catch (error) {
    const named = options.kapacitorConf !== undefined || options.envFile !== undefined;
    if (!(error instanceof KapadminError) || named) throw error;
    return { why: error.message };
  }
}

function accountOf({ metaSecret, metaUsername }: DaemonSettings): KapacitorAccount {
  if (metaSecret !== '') return { kind: 'secret' };
  return metaUsername === '' ? { kind: 'none' } : { kind: 'user', name: toText(metaUsername) };
}

/** What a Kapacitor with this configuration shows to clients; undefined without a configuration. */
export function configuredFacts(target: LookupTarget): ConfiguredFacts | undefined {
  if ('why' in target || target.assumed !== undefined || target.configuration === undefined) return undefined;
  if (target.refusal !== undefined) return undefined;
  const { conf, environment, settings } = target;
  const sources = [conf, environment].filter((source) => source !== undefined);
  return {
    from: sources.length === 0 ? 'the empty configuration' : sources.join(' with the variables of '),
    authEnabled: settings.authEnabled,
    noauth: settings.users === 'noauth',
    emptySecret: settings.sharedSecret === '',
    pprof: settings.pprofEnabled,
  };
}

/** Why a daemon with these settings asks no meta node. */
function reasonNotAsked({ authEnabled, users }: DaemonSettings): string | undefined {
  if (!authEnabled) return 'its [http] auth-enabled is false, so it requires no credentials (kapadmin config check)';
  if (users === 'noauth') return 'its [auth] enabled is false, so it accepts any name (kapadmin config check)';
  return users === 'own-store' ? 'its meta-addr is empty, so it uses its own store' : undefined;
}

/** The variables that decide keys of [auth], by key. */
function variablesOf(configuration: Configuration | undefined): ReadonlyMap<string, string> {
  if (configuration === undefined) return new Map();
  const origins = new Map(Object.entries(configuration.auth).map(([name, { origin }]) => [name, origin.from]));
  return new Map(
    Object.entries<ConfigField>(configFields.auth).flatMap(([name, field]) =>
      origins.get(name) === 'environment' ? [[field.key, variableName('auth', field)] as const] : [],
    ),
  );
}

/** The engine's own lookup of a nonexistent user, performed once on the real node. */
async function performLookup(
  target: KnownTarget,
  settings: Settings,
  doctorContext: DoctorContext,
  sent: Set<string>,
): Promise<LookupStep | undefined> {
  const { clock, stop } = doctorContext.context;
  const client = createRawClient({ tls: target.tls, proxy: {}, ...settings.limits });
  const observe = ({ authorization }: MetaRequestEffect, url: string): void => {
    for (const secret of secretsOfHeader(authorization ?? '')) sent.add(secret);
    logRequest(url, authorization !== undefined, doctorContext);
  };
  try {
    const meta = createLiveMeta({ client, clock, stop, secrets: secretsOf(target), observe });
    const authorization = ['Authorization', basicHeader(unknownUser, unknownUser)] as const;
    const request = { method: 'GET', target: '/kapacitor/v1/ping', headers: [authorization] };
    const tools = { meta, bcrypt: () => Promise.resolve(''), startedAt: clock.now(), version: target.version, clock };
    const [evaluated] = await evaluateRequest(target.settings, request, [0], tools);
    return evaluated?.trace.find((step) => step.kind === 'lookup');
  } finally {
    await client.close();
  }
}

async function lookupFault(target: KnownTarget, settings: Settings, doctorContext: DoctorContext, sent: Set<string>) {
  try {
    const step = await performLookup(target, settings, doctorContext, sent);
    if (step === undefined || step.outcome === 'pass' || step.cause === 'not-found') return undefined;
    return explainLookup(step, { settings: target.settings, conf: target.conf, roles: undefined, at: 0 });
  } catch (error) {
    if (!(error instanceof KapadminError) || doctorContext.context.stop.aborted) throw error;
    const { why, hint } = toReadFailure(error);
    const fixes = hint === undefined ? [] : [{ what: 'Fix', setting: hint }];
    return { cause: 'meta-redirect' as const, why, fixes };
  }
}

/** Secrets of Kapacitor that a text of a server might repeat, and a name that looks like a password. */
function secretsOf({ settings, configuration }: SimulatedKapacitor): readonly string[] {
  const { metaPassword, metaSecret, metaUsername } = settings;
  const isSwapped = configuration !== undefined && looksSwapped(configuration);
  const basic = Buffer.from(`${metaUsername}:${metaPassword}`, 'latin1').toString('base64');
  return [metaPassword, metaSecret, ...(isSwapped ? [metaUsername] : [])].map(toText).concat(basic);
}

/**
 * Whether Kapacitor, as its configuration at hand starts it, can look up users with its own account.
 * @param sent gets the credentials that were sent
 */
export async function readLookup(
  target: LookupTarget,
  settings: Settings,
  doctorContext: DoctorContext,
  sent: Set<string>,
): Promise<LookupFacts> {
  if ('why' in target) return { is: 'unknown', why: target.why };
  if (target.assumed !== undefined) {
    return { is: 'unknown', why: 'no kapacitor.conf found; specify one with --kapacitor-conf FILE' };
  }
  const { conf } = target;
  if (target.refusal !== undefined) return { is: 'does-not-start', conf, message: target.refusal };
  const why = reasonNotAsked(target.settings);
  if (why !== undefined) return { is: 'unknown', why };
  const [unread] = target.unreadFiles;
  if (unread !== undefined && target.settings.metaUseTls) {
    return { is: 'unknown', why: `its ${unread.key} ${unread.path} cannot be read here: ${unread.why}` };
  }
  const hidden = secretsOf(target);
  for (const secret of hidden) if (secret !== toText(target.settings.metaUsername)) sent.add(secret);
  const fault = await lookupFault(target, settings, doctorContext, sent);
  const account = accountOf(target.settings);
  const { metaAddr, metaUseTls } = target.settings;
  return {
    is: 'asked',
    conf,
    environment: target.environment ?? '',
    variables: variablesOf(target.configuration),
    metaAddr: redact(toText(metaAddr), hidden),
    useTls: metaUseTls,
    account: account.kind === 'user' ? { ...account, name: redact(account.name, hidden) } : account,
    fault: fault && { cause: fault.cause, why: redact(fault.why, hidden), fixes: fault.fixes },
  };
}

const base = '/kapacitor/v1';

function tokenPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * A token signed with the empty key, without a user and a time. Kapacitor checks the signature before the time: it
 * always rejects the token, and the message shows which of the two checks failed (kapacitor services/httpd/handler.go,
 * authenticate).
 */
function emptyKeyToken(): string {
  const text = `${tokenPart({ alg: 'HS256', typ: 'JWT' })}.${tokenPart({})}`;
  return `${text}.${createHmac('sha256', '').update(text).digest('base64url')}`;
}

type RequestKapacitor = (path: string, authorization?: string) => Promise<HttpResponse>;

function createRequester(client: RawClient, origin: string, doctorContext: DoctorContext): RequestKapacitor {
  const { stop } = doctorContext.context;
  return async (path, authorization) => {
    const url = new URL(`${origin}${base}${path}`);
    const displayedUrl = displayUrl(origin, url.pathname);
    logRequest(displayedUrl, authorization !== undefined, doctorContext);
    const account = authorization === undefined ? {} : { authorization };
    try {
      return await client.get(url, { accept: 'application/json', 'accept-encoding': 'identity', ...account }, stop);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const noAccount = { kind: 'none' } as const;
      const requestContext = {
        purpose: 'ask',
        method: 'GET',
        url: displayedUrl,
        write: false,
        account: noAccount,
        secrets: [],
      };
      const { kind, code, message } = transportMetaError(error, requestContext);
      throw new KapadminError(kind, code, message, { cause: error, hint: 'Is Kapacitor up? It listens on port 9092.' });
    }
  };
}

/** The system's authorities, and those that were named for the meta nodes. */
function tlsOptions({ tls }: Settings): ClientTlsOptions {
  const { ca, insecureSkipVerify } = tls;
  return { ca: ca === undefined ? undefined : [...rootCertificates, ca].join('\n'), insecureSkipVerify };
}

/** A name that no user has. */
function randomUserName(random: Uint8Array): string {
  return `kapadmin-doctor-${Buffer.from(random).toString('hex')}`;
}

/**
 * Whether Kapacitor accepts any name with any password. `~subscriber` is tried first: with real authentication,
 * Kapacitor rejects it at once, while an unknown user would cause lookups on the meta node for 10 s.
 */
async function isNoauth(ask: RequestKapacitor, random: Uint8Array): Promise<boolean> {
  const name = randomUserName(random);
  const as = (user: string) => ask('/tasks', basicHeader(user, name));
  if ((await as('~subscriber')).status !== 200) return false;
  return (await as(name)).status === 200;
}

async function hasEmptySecret(ask: RequestKapacitor): Promise<boolean> {
  const { status, body } = await ask('/tasks', `Bearer ${emptyKeyToken()}`);
  return status === 401 && Buffer.from(body).toString('utf8').includes('token expiration required');
}

/** The version in a response. Throws if a TLS port responded to plain HTTP. */
function versionOf(response: HttpResponse): string | undefined {
  const isTls = response.status === 400 && Buffer.from(response.body).toString('latin1').includes('to an HTTPS server');
  if (isTls) throw new KapadminError('unreachable', 'plain-http-to-https', 'this port uses TLS');
  return response.header('x-kapacitor-version');
}

/** Probes a running Kapacitor. No name of a cluster user is sent, and no request changes anything. */
export async function readKapacitor(
  url: string,
  settings: Settings,
  doctorContext: DoctorContext,
): Promise<KapacitorFacts> {
  const { stop, randomBytes } = doctorContext.context;
  const { origin } = splitUrl(url, '--kapacitor');
  const tls = tlsOptions(settings);
  const client = createRawClient({ tls, proxy: settings.proxy, ...settings.limits });
  const ask = createRequester(client, origin, doctorContext);
  try {
    const [version, anonymous, noauth, emptySecret, pprof, certificate] = await Promise.all([
      tryRead(stop, async () => versionOf(await ask('/ping'))),
      tryRead(stop, async () => (await ask('/tasks')).status),
      tryRead(stop, () => isNoauth(ask, randomBytes(8))),
      tryRead(stop, () => hasEmptySecret(ask)),
      tryRead(stop, async () => (await ask('/debug/vars')).status === 200),
      readCertificate(origin, tls, settings.limits.connectTimeout, stop),
    ]);
    return { url: origin, certificate, version, anonymous, noauth, emptySecret, pprof };
  } finally {
    await client.close();
  }
}

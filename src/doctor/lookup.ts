import type { Context } from '../context.js';
import { KapadminError } from '../errors.js';
import { type Configuration, type ConfigField, configFields, variableName } from '../kapacitor-config/fields.js';
import type { DaemonSettings } from '../auth-engine/daemon.js';
import { toText } from '../go-compat/utf8.js';
import type { LookupStep } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import type { MetaRequestEffect } from '../auth-engine/effects.js';
import { createLiveMeta, evaluateRequest } from '../auth-test/meta-node.js';
import { secretsOfHeader } from '../auth-test/requests.js';
import { readLoginTarget, type LoginTarget } from '../auth-test/target.js';
import { basicHeader } from '../go-compat/base64.js';
import { createRawClient } from '../meta/client.js';
import { redact } from '../meta/redact.js';
import type { ConfiguredFacts, KapacitorAccount, LookupFacts } from '../diagnostics/doctor/facts.js';
import { looksSwapped } from '../diagnostics/config/redact.js';
import { explainLookup } from '../diagnostics/login/lookups.js';
import type { KapacitorConfOptions } from '../settings/kapacitor-conf.js';
import type { Settings } from '../settings/settings.js';
import { toReadFailure, type DoctorContext, logRequest } from './context.js';

/** The name to look up. No user has it, so a node that lets Kapacitor read responds "not found". */
const unknownUser = 'kapadmin-doctor';

type KnownTarget = LoginTarget & { readonly version: KapacitorVersion | undefined };

/** A daemon as its configuration at hand starts it, or why it is not known. */
export type LookupTarget = KnownTarget | { readonly why: string };

/** Reads the configuration; if the user did not name it, an unreadable file is no error. Sends nothing. */
export async function readLookupTarget(
  options: KapacitorConfOptions,
  context: Context,
  settings: Settings,
): Promise<LookupTarget> {
  try {
    const target = await readLoginTarget(options, context, () => Promise.resolve(settings));
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
function secretsOf({ settings, configuration }: LoginTarget): readonly string[] {
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

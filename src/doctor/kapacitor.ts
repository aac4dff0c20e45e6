import { createHmac } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { KapadminError } from '../errors.js';
import { splitUrl } from '../model/urls.js';
import { basicHeader } from '../go-compat/base64.js';
import { transportMetaError } from '../meta/errors.js';
import { createRawClient, type RawClient } from '../meta/client.js';
import { displayUrl } from '../meta/redact.js';
import type { ClientTlsOptions } from '../meta/api.js';
import { TransportError, type HttpResponse } from '../meta/transport/exchange.js';
import type { KapacitorFacts } from '../diagnostics/doctor/facts.js';
import type { Settings } from '../settings/settings.js';
import { readCertificate } from './node.js';
import { logRequest, tryRead, type DoctorContext } from './context.js';

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

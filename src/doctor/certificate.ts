import { isIP } from 'node:net';
import { checkServerIdentity, connect, type DetailedPeerCertificate } from 'node:tls';
import type { ClientTlsOptions } from '../meta/api.js';
import { createTlsContext } from '../meta/transport/tls.js';
import type { CertificateFacts } from '../diagnostics/doctor/facts.js';

/** Faults of time: those are read from the dates. */
const timeFaults = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** A chain is not longer than this; one that goes round in a circle ends. */
const maxChainLength = 10;

/** `CN=kapadmin sandbox, O=...` in one line. */
function formatSubject(subject: DetailedPeerCertificate['subject'] | undefined): string {
  return Object.entries(subject ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

function certificateChain(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  while (
    at !== undefined &&
    chain.length < maxChainLength &&
    !chain.some((one) => one.fingerprint256 === at?.fingerprint256)
  ) {
    chain.push(at);
    at = at.issuerCertificate;
  }
  return chain;
}

/** `DNS:localhost, IP Address:127.0.0.1` as names. */
function alternativeNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .map((one) => one.replace(/^(DNS|IP Address):/, ''))
    .filter((one) => one !== '');
}

/** An error of the chain check: at this point Node passes the code itself instead of an error. */
function tlsErrorCode(error: Error | null): string | undefined {
  if (error === null) return undefined;
  const code: unknown = typeof error === 'string' ? error : Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message;
}

/**
 * The certificate that an https origin shows, whatever is wrong with it, by a handshake in which nothing is sent;
 * undefined where none came about within `timeout` milliseconds.
 */
export function readCertificate(
  origin: string,
  tls: ClientTlsOptions,
  timeout: number,
  stop: AbortSignal,
): Promise<CertificateFacts | undefined> {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== 'https:') return Promise.resolve(undefined);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || '443'),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: createTlsContext(tls),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const end = (facts?: CertificateFacts) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
      socket.destroy();
      resolve(facts);
    };
    const abort = () => end();
    const timer = setTimeout(abort, timeout);
    stop.addEventListener('abort', abort, { once: true });
    socket.once('error', abort);
    socket.once('secureConnect', () => {
      const leaf = socket.getPeerCertificate(true);
      if (Object.keys(leaf).length === 0) return end();
      const code = tlsErrorCode(socket.authorizationError);
      return end({
        subject: formatSubject(leaf.subject),
        issuer: formatSubject(leaf.issuer),
        names: alternativeNames(leaf.subjectaltname),
        chain: certificateChain(leaf).map(({ subject, valid_from, valid_to }) => {
          return { subject: formatSubject(subject), from: Date.parse(valid_from), to: Date.parse(valid_to) };
        }),
        untrusted: code === undefined || timeFaults.has(code) ? undefined : code,
        fits: checkServerIdentity(host, leaf) === undefined,
      });
    });
  });
}

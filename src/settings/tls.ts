import { switchOf, textOf, type Layer } from './layers.js';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import type { TlsOptions } from '../meta/api.js';
import { Secret } from '../model/secret.js';
import type { Notes } from '../output/logger.js';
import type { TlsFiles } from './curl.js';
import type { PartName } from './parts.js';
import { readNamed } from './read-named.js';
import { checkSecretMode } from './secret-text.js';

const largest = 4 * 1024 * 1024;
const certificatePem = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----\s[A-Za-z0-9+/=\s]+-----END \1-----/;
const keyPem = /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\s[A-Za-z0-9+/=\s]+-----END \1-----/;

interface TlsDeps {
  readonly context: Context;
  readonly notes: Pick<Notes, 'warn'>;
}

async function pem(given: Layer, name: PartName, what: RegExp, deps: TlsDeps): Promise<string | undefined> {
  const found = textOf(given, name);
  if (found === undefined) return undefined;
  const { text, path, mode } = await readNamed(deps.context, found.text, found.place, largest);
  if (name === 'key') checkSecretMode(path, mode, found.place, deps);
  const shown = `${found.place} (${found.text})`;
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw usageError(
      'bad-pem',
      `${shown}: the key is encrypted`,
      'Kapadmin takes a key without a passphrase, in a file of mode 0600.',
    );
  }
  if (!what.test(text)) {
    const kind = name === 'key' ? 'private key' : 'certificate';
    throw usageError('bad-pem', `${shown}: there is no ${kind} in PEM form`);
  }
  return text;
}

/** The certificates in a file that a flag names, as PEM text. */
export async function readCertificates(file: string, flag: string, context: Context): Promise<string> {
  const { text } = await readNamed(context, file, flag, largest);
  if (certificatePem.test(text)) return text;
  throw usageError('bad-pem', `${flag} (${file}): there is no certificate in PEM form`);
}

export function tlsFilesOf(given: Layer): TlsFiles {
  return { ca: textOf(given, 'ca')?.text, cert: textOf(given, 'cert')?.text, key: textOf(given, 'key')?.text };
}

/** Certificates and key as PEM text, read from their files. */
export async function tlsOf(given: Layer, deps: TlsDeps): Promise<TlsOptions> {
  const ca = await pem(given, 'ca', certificatePem, deps);
  const cert = await pem(given, 'cert', certificatePem, deps);
  const key = await pem(given, 'key', keyPem, deps);
  if ((cert === undefined) !== (key === undefined)) {
    const [one, other] = cert === undefined ? (['key', '--meta-cert'] as const) : (['cert', '--meta-key'] as const);
    throw usageError('half-a-certificate', `${textOf(given, one)?.place ?? one} needs ${other} beside it`);
  }
  return {
    ca,
    cert,
    key: key === undefined ? undefined : new Secret(key),
    insecureSkipVerify: switchOf(given, 'insecureSkipVerify'),
  };
}

/** Warns where credentials go to nodes whose certificates are not verified. */
export function warnUnverified(nodes: readonly string[], tls: TlsOptions, notes: Pick<Notes, 'warn'>): void {
  if (tls.insecureSkipVerify !== true || !nodes.some((node) => node.startsWith('https:'))) return;
  notes.warn(
    `the certificates of the meta nodes are not verified: whoever answers at ${nodes.join(', ')} gets what is sent, passwords included`,
  );
}

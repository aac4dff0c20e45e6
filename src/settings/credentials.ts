import { booleanSetting, describeSource, type Layer, type SettingName, settingText } from './layers.js';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import type { ClientTlsOptions, MetaCredentials } from '../meta/client-types.js';
import { Secret } from '../model/secret.js';
import type { Logger } from '../output/logger.js';
import { checkSecretMode, parseSecret, readSecretFile } from './secrets.js';
import { readNamedFile, readStdin } from './files-and-stdin.js';
import type { TlsFilePaths } from './request-as-curl.js';

/** Asks for the password of an account. */
export type PasswordPrompt = (question: string) => Promise<Secret>;

interface SecretReaderContext {
  readonly context: Context;
  readonly logger: Pick<Logger, 'warn'>;
}

async function readSecret(
  layer: Layer,
  name: SettingName,
  readerContext: SecretReaderContext,
): Promise<Secret | undefined> {
  const value = layer.get(name);
  if (value === undefined) return undefined;
  const place = describeSource(value.origin, name);
  const [file] = value.texts;
  if (value.secret !== undefined) return value.secret;
  if (name === 'passwordStdin') return parseSecret(await readStdin(readerContext.context, place), place);
  return file === undefined ? undefined : readSecretFile(readerContext, file, place);
}

/**
 * The account of the requests. Reads files or standard input for the secret; prompts for it (`promptPassword`) if only
 * a user name is given, or throws a usage error if it cannot prompt.
 */
export async function resolveCredentials(
  layer: Layer,
  readerContext: SecretReaderContext,
  promptPassword: PasswordPrompt | undefined,
): Promise<MetaCredentials> {
  const name = settingText(layer, 'username');
  if (name?.text === '') throw usageError('bad-setting', `${name.place}: the username is empty`);
  const shared = await readSecret(layer, 'secretFile', readerContext);
  const source = layer.get('secretFile');
  if (source !== undefined && shared?.reveal() === '') {
    throw usageError(
      'empty-secret',
      `${describeSource(source.origin, 'secretFile')}: the shared secret is empty`,
      `Put the shared secret of the meta nodes into "${source.texts.join('')}".`,
    );
  }
  if (shared !== undefined) return { kind: 'bearer', username: name?.text ?? '', secret: shared };
  const password =
    (await readSecret(layer, 'passwordStdin', readerContext)) ??
    (await readSecret(layer, 'password', readerContext)) ??
    (await readSecret(layer, 'passwordFile', readerContext));
  if (name !== undefined && password !== undefined) return { kind: 'basic', username: name.text, password };
  if (password !== undefined) {
    const where = [...layer].find(([key]) => ['passwordStdin', 'password', 'passwordFile'].includes(key));
    const place = where === undefined ? 'the password' : describeSource(where[1].origin, where[0]);
    throw usageError('no-username', `${place} sets a password, but no username is set`, 'Add --meta-username NAME.');
  }
  if (name === undefined) return { kind: 'none' };
  if (promptPassword === undefined) {
    const message = `no password for the meta account "${name.text}" (${name.place})`;
    throw usageError(
      'no-meta-password',
      message,
      'Use --meta-password-stdin, --meta-password-file FILE or KAPADMIN_META_PASSWORD. An empty file is an empty password.',
    );
  }
  return {
    kind: 'basic',
    username: name.text,
    password: await promptPassword(`Password of the meta account ${name.text}`),
  };
}

const maxPemBytes = 4 * 1024 * 1024;
const certificatePem = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----\s[A-Za-z0-9+/=\s]+-----END \1-----/;
const keyPem = /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\s[A-Za-z0-9+/=\s]+-----END \1-----/;

async function readPem(
  layer: Layer,
  name: SettingName,
  pattern: RegExp,
  readerContext: SecretReaderContext,
): Promise<string | undefined> {
  const found = settingText(layer, name);
  if (found === undefined) return undefined;
  const { text, path, mode } = await readNamedFile(readerContext.context, found.text, found.place, maxPemBytes);
  if (name === 'key') checkSecretMode(path, mode, found.place, readerContext);
  const description = `${found.place} (${found.text})`;
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw usageError(
      'bad-pem',
      `${description}: the key is encrypted`,
      'Use a key without a passphrase, in a file with mode 0600.',
    );
  }
  if (!pattern.test(text)) {
    const kind = name === 'key' ? 'private key' : 'certificate';
    throw usageError('bad-pem', `${description}: no ${kind} in PEM format`);
  }
  return text;
}

/** The certificates in a file that a flag names, as PEM text. */
export async function readCertificates(file: string, flag: string, context: Context): Promise<string> {
  const { text } = await readNamedFile(context, file, flag, maxPemBytes);
  if (certificatePem.test(text)) return text;
  throw usageError('bad-pem', `${flag} (${file}): no certificate in PEM format`);
}

export function connectionTlsFiles(layer: Layer): TlsFilePaths {
  return {
    ca: settingText(layer, 'ca')?.text,
    cert: settingText(layer, 'cert')?.text,
    key: settingText(layer, 'key')?.text,
  };
}

/** Certificates and key as PEM text, read from their files. */
export async function resolveTls(layer: Layer, readerContext: SecretReaderContext): Promise<ClientTlsOptions> {
  const ca = await readPem(layer, 'ca', certificatePem, readerContext);
  const cert = await readPem(layer, 'cert', certificatePem, readerContext);
  const key = await readPem(layer, 'key', keyPem, readerContext);
  if ((cert === undefined) !== (key === undefined)) {
    const [one, other] = cert === undefined ? (['key', '--meta-cert'] as const) : (['cert', '--meta-key'] as const);
    throw usageError('half-a-certificate', `${settingText(layer, one)?.place ?? one} requires ${other}`);
  }
  return {
    ca,
    cert,
    key: key === undefined ? undefined : new Secret(key),
    insecureSkipVerify: booleanSetting(layer, 'insecureSkipVerify'),
  };
}

/** Warns where credentials go to nodes whose certificates are not verified. */
export function warnUnverified(nodes: readonly string[], tls: ClientTlsOptions, logger: Pick<Logger, 'warn'>): void {
  if (tls.insecureSkipVerify !== true || !nodes.some((node) => node.startsWith('https:'))) return;
  logger.warn(
    `the TLS certificates of the meta nodes are not verified: an impostor of ${nodes.join(', ')} would receive everything sent, passwords included`,
  );
}

import { keyPairError } from '../go-compat/tls.js';
import type { Configuration } from './fields.js';

/** The content of a file that the daemon opens, or the system's error text, such as `permission denied`. */
export type DaemonFile = { readonly content: string } | { readonly error: string };

export type DaemonFiles = ReadonlyMap<string, DaemonFile>;

export type StartCheck = { readonly starts: true } | { readonly starts: false; readonly message: string };

/** The content of a file, or Go's error text. */
function contentOf(files: DaemonFiles, path: string): DaemonFile {
  const file = files.get(path) ?? { error: 'no such file or directory' };
  if ('content' in file) return file;
  const operation = file.error === 'is a directory' ? 'read' : 'open';
  return { error: `${operation} ${path}: ${file.error}` };
}

/** The error of Go's tls.LoadX509KeyPair. */
function pairError(files: DaemonFiles, certificatePath: string, keyPath: string): string | undefined {
  const certificate = contentOf(files, certificatePath);
  if ('error' in certificate) return certificate.error;
  const key = contentOf(files, keyPath);
  return 'error' in key ? key.error : keyPairError(certificate.content, key.content);
}

function metaFilePaths({ auth }: Configuration): { cert: string; key: string; ca: string } | undefined {
  if (!auth.enabled.value || auth.metaAddr.value === '') return undefined;
  return { cert: auth.metaCert.value, key: auth.metaKey.value, ca: auth.metaCa.value };
}

/** The files that the daemon opens at startup for the connection to the meta node. */
export function metaTlsFiles(configuration: Configuration): string[] {
  const paths = metaFilePaths(configuration);
  if (paths === undefined) return [];
  const { cert, key, ca } = paths;
  const pair = cert !== '' && key !== '' ? [cert, key] : [];
  return ca === '' ? pair : [...pair, ca];
}

/** The error of tlsconfig.Create; a CA file without certificates is accepted. */
function metaTlsError(configuration: Configuration, files: DaemonFiles): string | undefined {
  const paths = metaFilePaths(configuration);
  if (paths === undefined) return undefined;
  const { cert, key, ca } = paths;
  if (cert !== '' && key !== '') {
    const fault = pairError(files, cert, key);
    if (fault !== undefined) return `Could not load TLS client key/certificate: ${fault}`;
  } else if (cert !== '' || key !== '') {
    return `Must provide both key and cert files: only ${cert === '' ? 'key' : 'cert'} file provided.`;
  }
  if (ca === '') return undefined;
  const content = contentOf(files, ca);
  return 'error' in content ? `Could not load TLS CA: ${content.error}` : undefined;
}

/** Whether the daemon starts with the files of `metaTlsFiles`; an absent one does not exist. */
export function checkStart(configuration: Configuration, files: DaemonFiles): StartCheck {
  const fault = metaTlsError(configuration, files);
  if (fault === undefined) return { starts: true };
  const message = `create server: could not create TLS config for connecting to meta service: ${fault}`;
  return { starts: false, message };
}

/** Certificate and key of the daemon's own HTTPS; without a key file, the certificate file contains the key. */
function ownPair({ http }: Configuration): [string, string] {
  const certificate = http.httpsCertificate.value;
  return [certificate, http.httpsPrivateKey.value === '' ? certificate : http.httpsPrivateKey.value];
}

/** The files that the daemon opens to listen with HTTPS. */
export function httpsFiles(configuration: Configuration): string[] {
  return configuration.http.httpsEnabled.value ? [...new Set(ownPair(configuration))] : [];
}

/** Whether the daemon can listen with the files of `httpsFiles`. */
export function checkListen(configuration: Configuration, files: DaemonFiles): StartCheck {
  if (!configuration.http.httpsEnabled.value) return { starts: true };
  const fault = pairError(files, ...ownPair(configuration));
  if (fault === undefined) return { starts: true };
  return { starts: false, message: `open server: open service *httpd.Service: ${fault}` };
}

/**
 * Whether the daemon starts and listens, as far as this machine shows: the daemon may be able to read files that are
 * missing or unreadable here.
 */
export function checkOnThisMachine(configuration: Configuration, files: DaemonFiles): StartCheck {
  const start = checkStart(configuration, files);
  const check = start.starts ? checkListen(configuration, files) : start;
  const paths = [...metaTlsFiles(configuration), ...httpsFiles(configuration)];
  const isUnread = (path: string): boolean => !('content' in (files.get(path) ?? { error: '' }));
  const dependsOnUnread = !check.starts && paths.some((path) => isUnread(path) && check.message.includes(` ${path}: `));
  return dependsOnUnread ? { starts: true } : check;
}

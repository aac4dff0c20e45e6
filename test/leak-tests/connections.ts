import { pem } from '../meta/server.js';
import { secrets } from './secrets.js';
import type { SourceOf } from './source.js';

const { meta, shared, proxy } = secrets;
const config = '~/.config/kapadmin/config.yaml';
const encoded = encodeURIComponent(meta.value);
const named = ['--meta-username', 'admin'];

function withAccount(url: string): string {
  return url.replace('://', `://admin:${encoded}@`);
}

function profile(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { [config]: JSON.stringify({ default: 'p', profiles: { p: fields } }) };
}

/** Every way by which the connection gets a password, a shared secret or a key. */
export const connections: readonly SourceOf[] = [
  (url) => ({ name: 'the URL of a flag', secrets: ['meta'], flags: ['--meta-url', withAccount(url)] }),
  (url) => ({ name: 'the URL of a variable', secrets: ['meta'], env: { KAPADMIN_META_URL: withAccount(url) } }),
  (url) => ({ name: 'the URL of a profile', secrets: ['meta'], files: profile({ url: withAccount(url) }) }),
  (url) => ({
    name: 'standard input',
    secrets: ['meta'],
    flags: ['--meta-url', url, ...named, '--meta-password-stdin'],
    stdin: `${meta.value}\n`,
    takesInput: true,
  }),
  (url) => ({
    name: 'a terminal',
    secrets: ['meta'],
    flags: ['--meta-url', url, ...named],
    typed: meta.value,
    takesInput: true,
  }),
  (url) => ({
    name: 'a file of a flag',
    secrets: ['meta'],
    flags: ['--meta-url', url, ...named, '--meta-password-file', 'meta-password'],
    files: { 'meta-password': meta.value },
  }),
  (url) => ({
    name: 'a variable',
    secrets: ['meta'],
    env: { KAPADMIN_META_URL: url, KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: meta.value },
  }),
  (url) => ({
    name: 'a file of a variable',
    secrets: ['meta'],
    env: { KAPADMIN_META_URL: url, KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD_FILE: 'meta-password' },
    files: { 'meta-password': meta.value },
  }),
  (url) => ({ name: 'a profile', secrets: ['meta'], files: profile({ url, username: 'admin', password: meta.value }) }),
  (url) => ({
    name: 'a file of a profile',
    secrets: ['meta'],
    files: {
      ...profile({ url, username: 'admin', passwordFile: 'password' }),
      '~/.config/kapadmin/password': meta.value,
    },
  }),
  (url) => ({
    name: 'a shared secret of a flag',
    secrets: ['shared'],
    flags: ['--meta-url', url, ...named, '--meta-secret-file', 'secret'],
    files: { secret: shared.value },
  }),
  (url) => ({
    name: 'a shared secret of a variable',
    secrets: ['shared'],
    env: { KAPADMIN_META_URL: url, KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_SECRET_FILE: 'secret' },
    files: { secret: shared.value },
  }),
  (url) => ({
    name: 'a shared secret of a profile',
    secrets: ['shared'],
    files: { ...profile({ url, username: 'admin', secretFile: 'secret' }), '~/.config/kapadmin/secret': shared.value },
  }),
  (url) => ({
    name: 'a key',
    secrets: ['meta'],
    flags: ['--meta-url', withAccount(url), '--meta-cert', 'client.pem', '--meta-key', 'client.key'],
    files: { 'client.pem': pem.client.cert, 'client.key': pem.client.key },
  }),
  (url) => ({
    name: 'a proxy',
    secrets: ['meta', 'proxy'],
    flags: ['--meta-url', withAccount(url.replace('http://', 'https://'))],
    env: { HTTPS_PROXY: url.replace('://', `://me:${encodeURIComponent(proxy.value)}@`) },
  }),
];

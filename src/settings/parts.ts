import type { GlobalFlags } from './flags.js';

export type PartName =
  | 'url'
  | 'username'
  | 'passwordStdin'
  | 'password'
  | 'passwordFile'
  | 'secretFile'
  | 'ca'
  | 'cert'
  | 'key'
  | 'insecureSkipVerify'
  | 'readLeader'
  | 'connectTimeout'
  | 'timeout'
  | 'wait'
  | 'retries'
  | 'maxBody'
  | 'rolesInUserRecords'
  | 'kapacitorVersion'
  | 'output';

/** One setting of the connection: what it is called in each layer. */
export interface Part {
  /** Also its key in a profile. */
  readonly name: PartName;
  readonly kind: 'urls' | 'text' | 'secret' | 'file' | 'switch';
  readonly option?: keyof GlobalFlags;
  readonly flag?: string;
  readonly variable?: string;
  readonly inProfile: boolean;
  /** The value where no layer sets it. */
  readonly standard?: string;
}

function part(
  name: PartName,
  kind: Part['kind'],
  flag: string,
  option: keyof GlobalFlags,
  more: { standard?: string } = {},
): Part {
  const variable = `KAPADMIN_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
  return { name, kind, flag, option, variable, inProfile: true, ...more };
}

/** All settings, in the order in which they are shown. */
export const parts: readonly Part[] = [
  part('url', 'urls', '--meta-url', 'metaUrl', { standard: 'http://localhost:8091' }),
  part('username', 'text', '--meta-username', 'metaUsername'),
  {
    name: 'passwordStdin',
    kind: 'switch',
    flag: '--meta-password-stdin',
    option: 'metaPasswordStdin',
    inProfile: false,
  },
  { name: 'password', kind: 'secret', variable: 'KAPADMIN_META_PASSWORD', inProfile: true },
  part('passwordFile', 'file', '--meta-password-file', 'metaPasswordFile'),
  part('secretFile', 'file', '--meta-secret-file', 'metaSecretFile'),
  part('ca', 'file', '--meta-ca', 'metaCa'),
  part('cert', 'file', '--meta-cert', 'metaCert'),
  part('key', 'file', '--meta-key', 'metaKey'),
  part('insecureSkipVerify', 'switch', '--meta-insecure-skip-verify', 'metaInsecureSkipVerify', { standard: 'false' }),
  part('readLeader', 'switch', '--read-leader', 'readLeader', { standard: 'false' }),
  part('connectTimeout', 'text', '--connect-timeout', 'connectTimeout', { standard: '3s' }),
  part('timeout', 'text', '--timeout', 'timeout', { standard: '10s' }),
  part('wait', 'text', '--wait', 'wait', { standard: '2s' }),
  part('retries', 'text', '--retries', 'retries', { standard: '3' }),
  part('maxBody', 'text', '--max-body', 'maxBody', { standard: '64MiB' }),
  { name: 'rolesInUserRecords', kind: 'text', inProfile: true },
  { name: 'kapacitorVersion', kind: 'text', variable: 'KAPADMIN_KAPACITOR_VERSION', inProfile: true },
  part('output', 'text', '--output', 'output'),
];

/** What may come to a meta node as proof of who asks: at most one of them in a layer. */
export const secretParts: readonly PartName[] = ['passwordStdin', 'password', 'passwordFile', 'secretFile'];

import type { GlobalFlags } from './flags.js';

export type SettingName =
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
export interface SettingDefinition {
  /** Also its key in a profile. */
  readonly name: SettingName;
  readonly kind: 'urls' | 'text' | 'secret' | 'file' | 'switch';
  readonly option?: keyof GlobalFlags;
  readonly flag?: string;
  readonly variable?: string;
  readonly inProfile: boolean;
  /** The value where no layer sets it. */
  readonly defaultValue?: string;
}

function connectionSetting(
  name: SettingName,
  kind: SettingDefinition['kind'],
  flag: string,
  option: keyof GlobalFlags,
  more: { defaultValue?: string } = {},
): SettingDefinition {
  const variable = `KAPADMIN_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
  return { name, kind, flag, option, variable, inProfile: true, ...more };
}

/** All settings, in the order in which they are shown. */
export const settingDefinitions: readonly SettingDefinition[] = [
  connectionSetting('url', 'urls', '--meta-url', 'metaUrl', { defaultValue: 'http://localhost:8091' }),
  connectionSetting('username', 'text', '--meta-username', 'metaUsername'),
  {
    name: 'passwordStdin',
    kind: 'switch',
    flag: '--meta-password-stdin',
    option: 'metaPasswordStdin',
    inProfile: false,
  },
  { name: 'password', kind: 'secret', variable: 'KAPADMIN_META_PASSWORD', inProfile: true },
  connectionSetting('passwordFile', 'file', '--meta-password-file', 'metaPasswordFile'),
  connectionSetting('secretFile', 'file', '--meta-secret-file', 'metaSecretFile'),
  connectionSetting('ca', 'file', '--meta-ca', 'metaCa'),
  connectionSetting('cert', 'file', '--meta-cert', 'metaCert'),
  connectionSetting('key', 'file', '--meta-key', 'metaKey'),
  connectionSetting('insecureSkipVerify', 'switch', '--meta-insecure-skip-verify', 'metaInsecureSkipVerify', {
    defaultValue: 'false',
  }),
  connectionSetting('readLeader', 'switch', '--read-leader', 'readLeader', { defaultValue: 'false' }),
  connectionSetting('connectTimeout', 'text', '--connect-timeout', 'connectTimeout', { defaultValue: '3s' }),
  connectionSetting('timeout', 'text', '--timeout', 'timeout', { defaultValue: '10s' }),
  connectionSetting('wait', 'text', '--wait', 'wait', { defaultValue: '2s' }),
  connectionSetting('retries', 'text', '--retries', 'retries', { defaultValue: '3' }),
  connectionSetting('maxBody', 'text', '--max-body', 'maxBody', { defaultValue: '64MiB' }),
  { name: 'rolesInUserRecords', kind: 'text', inProfile: true },
  { name: 'kapacitorVersion', kind: 'text', variable: 'KAPADMIN_KAPACITOR_VERSION', inProfile: true },
  connectionSetting('output', 'text', '--output', 'output'),
];

/** The credentials for a meta node: at most one of them in a layer. */
export const secretSettings: readonly SettingName[] = ['passwordStdin', 'password', 'passwordFile', 'secretFile'];

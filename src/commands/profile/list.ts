import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { displayNodeUrl } from '../../model/urls.js';
import { listView } from '../../output/table.js';
import type { Result } from '../../output/view.js';
import type { Layer } from '../../settings/layers.js';
import { readProfiles } from './profiles.js';

export const formats = ['csv', 'name'] as const;

interface ProfileRow {
  readonly name: string;
  readonly default: boolean;
  readonly urls: readonly string[];
  readonly username: string | undefined;
  /** How its password or shared secret is kept. */
  readonly secret: 'password' | 'passwordFile' | 'secretFile' | undefined;
}

const view = listView<ProfileRow>({
  columns: ['name', 'default', 'url', 'username', 'secret'],
  row: (row) => [row.name, row.default ? 'yes' : '', row.urls.join(' '), row.username ?? '', row.secret ?? ''],
  json: ({ username = null, secret = null, ...row }) => ({ ...row, username, secret }),
  name: (row) => row.name,
  empty: 'No profiles. To add one: kapadmin profile add NAME --meta-url URL',
});

function toRow(name: string, layer: Layer, defaultProfile: string | undefined): ProfileRow {
  const url = layer.get('url');
  const inUrl = url?.userinfo?.some((info) => info.hasPassword()) === true;
  const secret = (['password', 'passwordFile', 'secretFile'] as const).find((key) => layer.has(key));
  return {
    name,
    default: name === defaultProfile,
    urls: (url?.texts ?? []).map(displayNodeUrl),
    username: layer.get('username')?.texts[0],
    secret: secret ?? (inUrl ? 'password' : undefined),
  };
}

export function define(command: Command, action: (options: object) => Promise<void>): void {
  command
    .addHelpText('after', '\nExamples:\n  kapadmin profile list\n  kapadmin profile list -o name')
    .action(() => action({}));
}

export async function run(_: object, factory: Factory): Promise<Result<readonly ProfileRow[]>> {
  const { profiles, defaultProfile } = await readProfiles(factory);
  return { data: [...profiles].map(([name, layer]) => toRow(name, layer, defaultProfile)), view };
}

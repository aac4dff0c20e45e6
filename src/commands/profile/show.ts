import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { displayNodeUrl } from '../../model/urls.js';
import { renderTable } from '../../output/table.js';
import type { Result, View } from '../../output/view.js';
import { resolveLayers } from '../../settings/settings.js';
import { settingDefinitions, type SettingSource, sourceLabel } from '../../settings/layers.js';
import { checkProfilesExist, readProfiles } from './profiles.js';

interface ShowOptions {
  /** Absent: the connection that counts now. */
  readonly name?: string;
}

interface Setting {
  readonly name: string;
  readonly values: readonly string[];
  readonly origin: SettingSource;
}

interface ShownProfile {
  readonly profile: string | undefined;
  readonly settings: readonly Setting[];
}

const view: View<ShownProfile> = {
  text: ({ profile, settings }, style) => {
    const rows = settings.map(({ name, values, origin }) => [name, values.join(' '), sourceLabel(origin)]);
    const title = profile === undefined ? 'No profile' : `Profile ${profile}`;
    return [style.color.bold(title), ...renderTable({ columns: ['setting', 'value', 'from'], rows }, style)];
  },
  json: ({ profile = null, settings }) => ({
    profile,
    settings: settings.map(({ name, values, origin }) => ({
      name,
      value: name === 'url' ? values : (values[0] ?? null),
      origin,
    })),
  }),
};

export function define(command: Command, action: (options: ShowOptions) => Promise<void>): void {
  command
    .argument('[profile]', 'profile (default: the active connection)')
    .addHelpText(
      'after',
      '\nPasswords are not read, asked for or shown.\n\nExamples:\n  kapadmin profile show\n  kapadmin profile show prod -o json',
    )
    .action((name: string | undefined) => action(name === undefined ? {} : { name }));
}

export async function run({ name }: ShowOptions, factory: Factory): Promise<Result<ShownProfile>> {
  const { flags, context } = factory;
  const config = await readProfiles(factory);
  if (name !== undefined) checkProfilesExist(config, [name]);
  const { merged: given, profile } = await resolveLayers(
    name === undefined ? flags : { ...flags, profile: [name] },
    context,
    await factory.userConfig(),
  );
  const settings = settingDefinitions.flatMap((definition): Setting[] => {
    const value = given.get(definition.name);
    if (value === undefined) return [];
    const isRedacted = definition.name === 'passwordStdin' || value.secret !== undefined;
    const label = definition.name === 'passwordStdin' ? 'password' : definition.name;
    return [
      {
        name: label,
        values: isRedacted ? ['***'] : definition.kind === 'urls' ? value.texts.map(displayNodeUrl) : value.texts,
        origin: value.origin,
      },
    ];
  });
  return { data: { profile, settings }, view };
}

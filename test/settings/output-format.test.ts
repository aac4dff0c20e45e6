import { describe, expect, it } from 'vitest';
import { configuredFormat, loadUserConfig } from '../../src/settings/config-file.js';
import { type Place, placeOf } from './resolve.js';

const own = 'default: a\nprofiles:\n  a: { output: yaml }\n  b: { output: csv }\n  c: {}\n';

function formatOf(place: Place, extra: readonly string[] = ['csv', 'name']): Promise<string | undefined> {
  const { flags = {} } = place;
  const { context } = placeOf(place);
  return configuredFormat(flags, context.env, () => loadUserConfig(context, flags.config), extra);
}

describe('the output format', () => {
  it.each<[string, Place, string | undefined]>([
    ['is nobody’s', {}, undefined],
    ['is that of KAPADMIN_OUTPUT', { env: { KAPADMIN_OUTPUT: 'json' }, own }, 'json'],
    ['is that of the default profile', { own }, 'yaml'],
    ['is that of the profile asked for', { own, flags: { profile: ['b'] } }, 'csv'],
    ['is that of the profile in KAPADMIN_PROFILE', { own, env: { KAPADMIN_PROFILE: 'b' } }, 'csv'],
    ['is nobody’s where the profile asked for sets none', { own, flags: { profile: ['c'] } }, undefined],
    ['does not mind a profile that is not there', { own, flags: { profile: ['nope'] } }, undefined],
    ['does not mind a configuration file that is not there yet', { flags: { config: 'new.yaml' } }, undefined],
  ])('%s', async (_, place, format) => {
    expect(await formatOf(place)).toBe(format);
  });

  it('that a command does not have gives way to its table', async () => {
    expect(await formatOf({ env: { KAPADMIN_OUTPUT: 'csv' } }, [])).toBeUndefined();
    expect(await formatOf({ env: { KAPADMIN_OUTPUT: 'json' } }, [])).toBe('json');
  });

  it.each<[Place, string]>([
    [{ env: { KAPADMIN_OUTPUT: 'jsn' } }, 'KAPADMIN_OUTPUT'],
    [{ own: 'default: a\nprofiles:\n  a: { output: "\\e[31m" }' }, 'config.yaml'],
  ])('that does not exist is refused: %j', async (place, where) => {
    await expect(formatOf(place)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(new RegExp(`${where}.*unknown output format`)),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { configuredFormat } from '../../src/settings/format.js';
import { placeOf, type Place } from './resolve.js';

const own = 'default: a\nprofiles:\n  a: { output: yaml }\n  b: { output: csv }\n  c: {}\n';

function formatOf(place: Place, extra: readonly string[] = ['csv', 'name']): Promise<string | undefined> {
  return configuredFormat(place.flags ?? {}, placeOf(place).context, extra);
}

describe('the output format', () => {
  it.each<[string, Place, string | undefined]>([
    ['is nobody’s', {}, undefined],
    ['is that of KAPADMIN_OUTPUT', { env: { KAPADMIN_OUTPUT: 'json' }, own, tree: 'output: name' }, 'json'],
    ['is that of the default profile', { own }, 'yaml'],
    ['is that of the profile asked for', { own, flags: { profile: 'b' }, tree: 'output: name' }, 'csv'],
    ['is that of the working tree', { own, tree: 'output: name' }, 'name'],
    ['is nobody’s where the profile asked for sets none', { own, flags: { profile: 'c' } }, undefined],
    ['does not mind a profile that is not there', { own, flags: { profile: 'nope' } }, undefined],
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
    [{ tree: 'output: "\\e[31m"' }, '.kapadminrc.yaml'],
  ])('that does not exist is refused: %j', async (place, where) => {
    await expect(formatOf(place)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(new RegExp(`${where}.*there is no output`)),
    });
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingDefinitions } from '../../src/settings/layers.js';
import { settingsOf } from './resolve.js';

const page = readFileSync(new URL('../../docs/connection.md', import.meta.url), 'utf8');

describe('docs/connection.md', () => {
  it('has an example that is read as it says', async () => {
    const own = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
    const lab = await settingsOf({ own, flags: { profile: ['lab'] } });
    expect(lab.credentials).toMatchObject({ kind: 'basic', username: 'admin' });
    await expect(settingsOf({ own })).rejects.toThrow(/passwordFile|prod\.password|meta-ca\.pem/);
  });

  it('names each key of a profile', () => {
    const listed = /^Keys of a profile: (.*?)\. /m
      .exec(page)?.[1]
      ?.split(', ')
      .map((key) => key.slice(1, -1));
    expect(listed).toEqual(settingDefinitions.filter((part) => part.inProfile).map(({ name }) => name));
  });

  it('has the defaults of the limits', () => {
    const rows = [...page.matchAll(/^\| `(--[a-z-]+)` *\| (\S+) *\|/gm)].map(([, flag, value]) => [flag, value]);
    expect(rows).toEqual(
      rows.map(([flag]) => [flag, settingDefinitions.find((part) => part.flag === flag)?.defaultValue]),
    );
    expect(rows).toHaveLength(5);
  });
});

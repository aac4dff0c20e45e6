import { describe, expect, it } from 'vitest';
import {
  expandPreset,
  isKapacitorPermission,
  isPermission,
  presetFault,
  presetNames,
  presets,
} from '../../src/model/permissions.js';

describe('presets', () => {
  it.each(presets)('$name: permissions that exist, each once and with its reason', ({ name, permissions }) => {
    const names = permissions.map(([permission]) => permission);
    expect(names.filter((permission) => !isPermission(permission))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(permissions.every(([, reason]) => reason !== '')).toBe(true);
    expect([...expandPreset(name, '').values()].flat().sort()).toEqual([...names].sort());
  });

  it.each(presetNames)('%s, for a database, gives rights of Kapacitor for all of it', (name) => {
    for (const [scope, names] of expandPreset(name, 'telegraf')) {
      expect(names.every((permission) => isKapacitorPermission(permission) === (scope === ''))).toBe(true);
    }
  });

  it('know no reader, and say why', () => {
    expect(presetNames).not.toContain('kapacitor-reader');
    expect(presetFault('kapacitor-reader')?.message).toContain('cannot tell a reader from an editor');
    expect(presetFault('kapacitor-editor')).toBeUndefined();
  });
});

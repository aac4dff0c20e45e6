import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseState } from '../../src/desired-state/parse.js';
import { stateYaml } from '../../src/desired-state/export.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'null',
    '~',
    'true',
    'No',
    '1e3',
    '0x1',
    '-',
    '- a',
    '? b',
    'a: b',
    '#c',
    '*d',
    '&e',
    '!f',
    '|',
    "'",
    '"',
    '{',
    ' a ',
    'é\u0085\u2028',
    '\ud800',
    '__proto__',
    'a'.repeat(3000),
  ),
);

describe('an exported state file', () => {
  it('is read back with the same names, whatever they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 5 }), text, (names, scope) => {
        const permissions = new Map([[scope, ['ReadData']]]);
        const yaml = stateYaml({
          comments: ['one', 'two'],
          leftOut: 0,
          users: names.map((name) => ({ name, permissions })),
          roles: [{ name: names[0] ?? '', permissions, members: names }],
          absentUsers: [],
          absentRoles: names,
        });
        const { desired, problems } = parseState([{ file: 'f', text: yaml }]);
        expect(problems.filter(({ code }) => code === 'syntax' || code === 'duplicate-key')).toEqual([]);
        expect([...desired.users.keys()]).toEqual(names);
        expect(desired.users.get(names[0] ?? '')?.permissions).toEqual(permissions);
        const [role] = desired.roles.values();
        expect(new Set(role?.members)).toEqual(new Set(names));
        expect(desired.options.absentRoles).toEqual(new Set(names));
      }),
      { numRuns: 300 },
    );
  });

  it('holds nothing that a screen would obey', () => {
    const yaml = stateYaml({
      comments: [],
      leftOut: 0,
      users: [{ name: 'a\u001b[31m\u202eb\u200b', permissions: new Map() }],
      roles: [],
      absentUsers: [],
      absentRoles: [],
    });
    expect(yaml).toContain('"a\\u001b[31m\\u202eb\\u200b": {}');
  });
});

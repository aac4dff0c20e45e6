import { describe, expect, it } from 'vitest';
import { parseState, type StateFileText } from '../../src/desired-state/parse.js';

const example = `users:
  johndoe:
    password: { env: JOHN_PASSWORD }
    permissions: { "": [KapacitorAPI], telegraf: [ReadData] }
    roles: [kapacitor]
roles:
  kapacitor:
    permissions: { "": [KapacitorAPI, KapacitorConfigAPI] }
    members: [janedoe]
options: { manage: listed, materializeRoles: false }
`;

function parse(...texts: string[]) {
  return parseState(texts.map((text, i): StateFileText => ({ file: `f${i}.yaml`, text })));
}

/** Problems as lines, as a person sees them. */
function reported(...texts: string[]): string[] {
  return parse(...texts).problems.map(
    ({ file, line, column, severity, message, hint }) =>
      `${file}:${line}:${column} ${severity} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

describe('a state file', () => {
  it('is read as it is documented', () => {
    const { desired, problems } = parse(example);
    expect(problems).toEqual([]);
    expect(desired.users.get('johndoe')).toEqual({
      name: 'johndoe',
      file: 'f0.yaml',
      password: { from: 'env', name: 'JOHN_PASSWORD' },
      permissions: new Map([
        ['', ['KapacitorAPI']],
        ['telegraf', ['ReadData']],
      ]),
      roles: ['kapacitor'],
    });
    expect(desired.roles.get('kapacitor')?.members).toEqual(['janedoe']);
    expect(desired.options).toEqual({
      manage: 'listed',
      managedBy: 'f0.yaml',
      materializeRoles: false,
      absentUsers: new Set(),
      absentRoles: new Set(),
    });
  });

  it('is the same in JSON', () => {
    const json = JSON.stringify({
      users: {
        johndoe: {
          password: { env: 'JOHN_PASSWORD' },
          permissions: { '': ['KapacitorAPI'], telegraf: ['ReadData'] },
          roles: ['kapacitor'],
        },
      },
      roles: { kapacitor: { permissions: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] }, members: ['janedoe'] } },
      options: { manage: 'listed', materializeRoles: false },
    });
    expect(parse(json).desired).toEqual(parse(example).desired);
  });

  it('with nothing in it is told, since it was hardly meant', () => {
    for (const text of ['', '# users: {}\n', '---\n']) {
      expect(reported(text)).toEqual([
        expect.stringMatching(/^f0\.yaml:1:\d warning the file has no users and no roles$/),
      ]);
    }
  });

  it('may list users and roles with nothing', () => {
    expect(reported('users:\n', 'users: { a: , b: {} }\nroles:\n  r:\n', '{}')).toEqual([]);
    expect([...parse('users: { a: , b: {} }').desired.users.keys()]).toEqual(['a', 'b']);
  });

  it('takes names as they are written', () => {
    const { desired, problems } = parse(
      'users:\n  007: {}\n  yes: {}\n  1e3: {}\n  "null": {}\n  __proto__: {}\n  constructor: {}\n  "-x": {}\n  "é\\n": {}\n',
    );
    expect(problems).toEqual([]);
    expect([...desired.users.keys()]).toEqual(['007', 'yes', '1e3', 'null', '__proto__', 'constructor', '-x', 'é\n']);
  });

  it.each(['', '~', 'null', 'Null', '? '])('attack new-null-key: refuses the unquoted key %j', (key) => {
    const text = `users:\n  a:\n    permissions:\n      ${key}${key === '? ' ? '\n      ' : ''}: [WriteData]\n`;
    expect(reported(text)).toEqual([expect.stringContaining('a key must be a string; quote it')]);
    const quoted = `users: { a: { permissions: { "": [WriteData], '~': [ReadData] } } }`;
    expect(reported(quoted)).toEqual([]);
  });

  it('keeps a key called __proto__ in JSON, of users, scopes and roles alike', () => {
    const { desired, problems } = parse('{"users":{"__proto__":{"permissions":{"__proto__":["ReadData"]}}}}');
    expect(problems).toEqual([]);
    expect(desired.users.get('__proto__')?.permissions).toEqual(new Map([['__proto__', ['ReadData']]]));
  });

  it('may repeat a part by an anchor, and keep such parts under x-', () => {
    const { desired, problems } = parse(
      'x-read: &read { "": [ReadData] }\nusers:\n  a: { permissions: *read }\n  b: { permissions: *read }\n',
    );
    expect(problems).toEqual([]);
    expect(desired.users.get('b')?.permissions).toEqual(new Map([['', ['ReadData']]]));
  });

  it('may name presets', () => {
    const { desired, problems } = parse(
      'users: { a: { presets: [kapacitor-admin], permissions: { "": [KapacitorAPI], db: [ReadData] } } }',
    );
    expect(problems).toEqual([]);
    expect(desired.users.get('a')?.permissions).toEqual(
      new Map([
        ['', ['KapacitorAPI', 'KapacitorConfigAPI']],
        ['db', ['ReadData']],
      ]),
    );
  });

  it('may hold a hash, as an export writes it, which no message shows', () => {
    const hash = '$2a$10$abcdefghijklmnopqrstuv';
    const { desired, problems } = parse(`users: { a: { hash: { value: "${hash}" } } }`);
    expect(desired.users.get('a')?.hash).toEqual({ from: 'state', file: 'f0.yaml' });
    expect(desired.users.get('a')?.hashValue?.reveal()).toBe(hash);
    expect(problems).toMatchObject([{ code: 'not-bcrypt', severity: 'warning' }]);
    expect(JSON.stringify(problems)).not.toContain(hash);
  });

  it('names paths of secrets from the folder of the file', () => {
    const { desired } = parseState([{ file: '/etc/a.yaml', text: 'users: { a: { password: { file: b/c } } }' }], {
      resolve: (file, path) => `${file}|${path}`,
    });
    expect(desired.users.get('a')?.password).toEqual({ from: 'file', path: '/etc/a.yaml|b/c' });
  });
});

describe('several files', () => {
  it('are one state', () => {
    const { desired, problems } = parse(
      'users: { a: {} }',
      'users: { b: {} }\noptions: { manage: all }',
      'roles: { r: {} }',
    );
    expect(problems).toEqual([]);
    expect([...desired.users.keys(), ...desired.roles.keys(), desired.options.manage]).toEqual(['a', 'b', 'r', 'all']);
  });

  it('must not have the same user or role, nor options that differ', () => {
    expect(
      reported('users: { a: {} }\noptions: { manage: all }', '\nusers:\n  b: {}\n  a: {}\noptions: { manage: listed }'),
    ).toEqual([
      'f1.yaml:4:3 error user "a" is already defined in f0.yaml',
      'f1.yaml:5:12 error manage is listed here and all in f0.yaml',
    ]);
  });
});

describe('problems', () => {
  it('are reported all at once, each where it stands', () => {
    const text = `user: {}
users:
  a:
    passwort: { env: X }
    permissions:
      "": [KapacitorApi, ReadData, ReadData]
      db: [KapacitorAPI, Nope]
    roles: r
  "b:c": { password: secret-word }
  d: { password: { env: A, file: B }, hash: { env: "" } }
  a: {}
roles: { r: { members: [ [], x ], presets: [kapacitor-reader, chronograph] } }
options: { manage: lsited, materializeRoles: 5, absent: { users: [a], role: [] } }
`;
    expect(reported(text)).toEqual([
      'f0.yaml:1:1 error the file: unknown key "user" (Did you mean "users"?)',
      'f0.yaml:3:3 error user "a" is defined here and also listed in options.absent',
      'f0.yaml:4:5 error user: unknown key "passwort" (Did you mean "password"?)',
      'f0.yaml:6:12 error unknown permission "KapacitorApi" (Did you mean "KapacitorAPI"?)',
      'f0.yaml:6:36 warning "ReadData" is listed twice',
      'f0.yaml:7:12 warning KapacitorAPI cannot be limited to database "db": it applies to all of Kapacitor (Move it under "".)',
      'f0.yaml:7:26 error unknown permission "Nope" (See kapadmin permission list.)',
      'f0.yaml:8:5 error roles: expected a list, found a string (Write roles: [ops].)',
      'f0.yaml:9:3 warning "b:c": a name with ":" cannot log in to Kapacitor with Basic authentication',
      'f0.yaml:9:12 error a password must not be written in the file (Use { env: NAME }, { file: PATH } or { generate: true }.)',
      'f0.yaml:10:8 error password: expected { env: NAME }, { file: PATH } or { generate: true }',
      'f0.yaml:10:39 error password and hash are both set: use one of them',
      'f0.yaml:10:47 error env: expected a string',
      'f0.yaml:11:3 error duplicate key "a"',
      'f0.yaml:12:26 error members: expected a string, found a list',
      expect.stringMatching(
        /^f0\.yaml:12:45 error preset "kapacitor-reader" is not possible: Kapacitor cannot tell a reader from an editor/,
      ),
      'f0.yaml:12:63 error unknown preset "chronograph" (Did you mean "chronograf"?)',
      'f0.yaml:13:20 error manage: expected listed or all',
      'f0.yaml:13:46 error materializeRoles: expected true or false',
      expect.stringMatching(/^f0\.yaml:13:71 error absent: unknown key "role"/),
    ]);
  });

  it('stand at the same places in JSON', () => {
    const json = `{
 "users": {
  "a": {"permissions": {"": ["ReadData",
   "Nope"]}, "x": {"y": [1, "a\\"]"]}, "roles": [true]},
  "b": {"permissions": {}, "permissions": null}
 }, "roles": 3,
 "options": {"manage": "lsited"}
}`;
    expect(reported(json)).toEqual([
      'f0.yaml:4:4 error unknown permission "Nope" (See kapadmin permission list.)',
      'f0.yaml:4:14 error user: unknown key "x" (Known keys: password, hash, permissions, presets, roles)',
      'f0.yaml:4:49 error roles: expected a string, found a boolean; quote it',
      'f0.yaml:5:28 error duplicate key "permissions"',
      'f0.yaml:6:5 error roles: expected an object, found a number (Write roles: { ops: { members: [johndoe] } }.)',
      'f0.yaml:7:24 error manage: expected listed or all',
    ]);
  });

  it('are reported of a file that is no YAML', () => {
    expect(reported('users:\n  a: { b\n  c: d\n').join()).toMatch(/^f0\.yaml:\d:\d+ error .*Flow map/);
    expect(reported('a: 1\n---\nb: 2\n')[0]).toMatch(/^f0\.yaml:2:1 error /);
    expect(reported('users: *nobody\n')[0]).toBe('f0.yaml:1:8 error the alias refers to no earlier anchor');
    expect(reported('- a\n')).toEqual([
      'f0.yaml:1:1 error the file: expected an object, found a list (Write users: { johndoe: { permissions: { "": [KapacitorAPI] } } }.)',
    ]);
    expect(reported('[')[0]).toMatch(/^f0\.yaml:1:\d+ error /);
    expect(reported('{"a": '.repeat(100_000))[0]).toMatch(/^f0\.yaml:1:1 error /);
  });

  it.each([
    ['users: [{ name: joe }]', 'users: { johndoe: { permissions: { "": [KapacitorAPI] } } }'],
    ['users: { joe: [KapacitorAPI] }', 'johndoe: { permissions: { "": [KapacitorAPI] } }'],
    ['users: { joe: { permissions: [KapacitorAPI] } }', 'permissions: { "": [KapacitorAPI], telegraf: [ReadData] }'],
    ['users: { joe: { permissions: { telegraf: ReadData } } }', 'telegraf: [ReadData]'],
    ['users: { joe: { roles: ops } }', 'roles: [ops]'],
    ['roles: { ops: { members: joe } }', 'members: [johndoe]'],
    ['roles: [ops]', 'roles: { ops: { members: [johndoe] } }'],
    ['users: { joe: { password: [x] } }', 'password: { generate: true }'],
    ['options: all', 'options: { manage: listed }'],
    ['options: { absent: [joe] }', 'absent: { users: [johndoe] }'],
  ])('show the right form of a wrong shape: %s', (text, form) => {
    expect(reported(`${text}\n`).join('\n')).toContain(`(Write ${form}`);
  });

  it('tell a faulty password once, and not that there is none', () => {
    for (const password of ['hush', '{ generate: yes }', 'null', '{ file: "" }', '[x]']) {
      const text = `users: { a: { password: ${password} } }\n`;
      expect(reported(text)).toHaveLength(1);
      // The rule for new users without a password sees one.
      expect(parse(text).desired.users.get('a')?.password).toBeDefined();
    }
    expect(reported('users: { a: { hash: [x] } }\n')).toHaveLength(1);
  });

  it('suggest the key that is meant in a file that has none of ours', () => {
    expect(reported('user: { a: {} }\n')[0]).toMatch(/not a state file: .* \(Did you mean "users"\?\)$/);
    expect(reported('joe: { roles: [] }\n')[0]).toMatch(/not a state file: .* \(Write users: \{ /);
  });

  it('never repeat what may be a secret', () => {
    const texts = ['hunter2', '{ hunter2: }', '{ value: hunter2 }', '[hunter2]', '{ env: [hunter2] }'];
    for (const text of texts) {
      for (const key of ['password', 'hash']) {
        expect(reported(`users: { a: { ${key}: ${text} } }`).join('\n'), text).not.toContain('hunter2');
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { permissions } from '../../src/model/permissions.js';
import { statements } from '../../src/model/influxql-statements.js';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';

async function granting(permission: string, ...more: readonly string[]): Promise<Ran> {
  return runLine(['user', 'grant', 'johndoe', permission, ...more]);
}

describe('permission show', () => {
  it('field statement-to-permission: lists the statements that a permission allows', async () => {
    const { stdout, code } = await runLine(['permission', 'show', 'ReadData']);
    expect(code).toBe(0);
    expect(stdout).toContain('    SHOW RETENTION POLICIES\n    SHOW MEASUREMENTS\n');
    const create = await runLine(['permission', 'show', 'CreateDatabase']);
    expect(create.stdout).toMatch(/ALTER RETENTION POLICY/);
    expect(create.stdout).toContain('CREATE DATABASE (granted for all databases)');
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await runLine(['permission', 'show', 'Monitor', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'Monitor',
      warning: null,
      statements: [
        { statement: 'SHOW STATS', scope: 'cluster' },
        { statement: 'SHOW DIAGNOSTICS', scope: 'cluster' },
      ],
    });
  });

  it('says that whoever has KapacitorAPI can create a user that may do everything', async () => {
    const { stdout } = await runLine(['permission', 'show', 'KapacitorAPI']);
    expect(stdout).toMatch(/warning: +its holder can create a Kapacitor user with every privilege, including \/config/);
  });

  it('has taken the place of permission explain', async () => {
    const { code } = await runLine(['permission', 'explain', 'KapacitorAPI']);
    expect(code).toBe(2);
  });
});

describe('permission list --for', () => {
  it.each([
    ['SHOW RETENTION POLICIES', ['CreateDatabase', 'ReadData']],
    ['SHOW RETENTION POLICIES ON mydb', ['CreateDatabase', 'ReadData']],
    ['show  retention\npolicies on "my; db";', ['CreateDatabase', 'ReadData']],
    ['CREATE DATABASE "telegraf"', ['CreateDatabase']],
    ['SELECT mean("usage") FROM cpu', ['ReadData']],
    ['EXPLAIN ANALYZE SELECT * FROM cpu', ['ReadData']],
    ['SELECT * INTO copy FROM cpu', ['ReadData', 'WriteData']],
    [`SELECT * FROM "a INTO b"`, ['ReadData']],
    ['DELETE FROM cpu', ['DropData']],
    ['GRANT ALL ON telegraf TO johndoe', ['CreateUserAndRole']],
    ['SHOW SHARD GROUPS', ['ManageShard']],
    ['SHOW SERIES CARDINALITY', ['ReadData']],
    ['SHOW DATABASES', []],
  ])('field statement-to-permission: %s', async (statement, names) => {
    const { stdout, code, stderr } = await runLine(['permission', 'list', '--for', statement, '-o', 'json']);
    expect(code, stderr).toBe(0);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(names);
  });

  it('says that either is enough, or that both are needed, and where', async () => {
    const either = await runLine(['permission', 'list', '--for', 'SHOW RETENTION POLICIES']);
    expect(either.stderr).toBe(
      'SHOW RETENTION POLICIES needs ReadData or CreateDatabase, on the database or on all.\n',
    );
    const both = await runLine(['permission', 'list', '--for', 'SELECT * INTO a FROM b']);
    expect(both.stderr).toContain('SELECT INTO needs ReadData and WriteData');
    const none = await runLine(['permission', 'list', '--for', 'SHOW DATABASES']);
    expect(none.stdout).toBe('No permission is required.\n');
  });

  it('names the nearest statement for one that does not exist', async () => {
    const { code, stderr } = await runLine(['permission', 'list', '--for', 'SHOW RETENTION POLICY ON mydb']);
    expect(code).toBe(2);
    expect(stderr).toContain('--for: unknown statement "SHOW RETENTION POLICY ON mydb"');
    expect(stderr).toContain('Did you mean "SHOW RETENTION POLICIES"?');
    expect((await runLine(['permission', 'list', '--for', ''])).code).toBe(2);
  });

  it('does not repeat what may be a password in a statement that does not exist', async () => {
    const { stderr } = await runLine(['permission', 'list', '--for', `SETT PASSWORT FOR "x" = 'Pa5sw0Rd'`]);
    expect(stderr).toContain('--for: unknown statement "SETT PASSWORT FOR"');
    expect(stderr).not.toContain('Pa5sw0Rd');
  });

  it('has only permissions that exist', () => {
    const names = new Set(permissions.map(({ name }) => name));
    const used = statements.flatMap(({ anyOf, andAlso = 'ReadData' }) => [...anyOf, andAlso]);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('a permission by the word of another product', () => {
  it.each([
    ['READ', 'Did you mean "ReadData"?'],
    ['read', 'Did you mean "ReadData"?'],
    ['WRITE', 'Did you mean "WriteData"?'],
    ['ALL', 'Did you mean "ReadData" and "WriteData"? ALL on a database is both.'],
    ['PRIVILEGES', 'as kapadmin bootstrap grants them: ViewAdmin'],
    ['admin', 'as kapadmin bootstrap grants them: ViewAdmin'],
    ['KapacitorApi', 'Did you mean "KapacitorAPI"?'],
    ['Nonsense', 'See kapadmin permission list.'],
  ])('field influxql-words: user grant johndoe %s', async (word, hint) => {
    const { code, stderr } = await granting(word, '--db', 'telegraf');
    expect(code).toBe(2);
    expect(stderr).toContain(hint);
  });

  it('field influxql-words: the same in a state file', async () => {
    const cwd = makeFolder({ 'state.yaml': 'users:\n  johndoe:\n    permissions: { telegraf: [READ] }\n' });
    const { code, stderr } = await runLine(['plan', 'state.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "ReadData"?');
  });
});

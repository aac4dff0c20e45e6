import { describe, expect, it } from 'vitest';
import {
  privilegeBits,
  compilePrivileges,
  databaseResource,
  type Privileges,
  namedResources,
} from '../../src/auth-engine/privileges.js';
import { permissionNames } from './permission-names.js';

type Document = Readonly<Record<string, readonly string[]>>;

function compile(document: Document): Privileges {
  return compilePrivileges(new Map(Object.entries(document)));
}

/** The entries of a document, as words. */
function entries(document: Document): Record<string, string> {
  const { masks, databases } = compile(document);
  const words = (mask: number): string =>
    Object.entries(privilegeBits)
      .filter(([, bit]) => (mask & bit) !== 0)
      .map(([word]) => word)
      .join('+');
  const slots = masks.flatMap((mask, slot) => (mask === 0 ? [] : [[namedResources[slot]!, words(mask)] as const]));
  return Object.fromEntries([...slots, ...[...(databases ?? [])].map(([name, mask]) => [name, words(mask)] as const)]);
}

describe('what each permission gives', () => {
  const table: Readonly<Record<string, Record<string, string>>> = {
    KapacitorAPI: { '/api': 'all', '/api/config': 'none' },
    KapacitorConfigAPI: { '/api/ping': 'all', '/api/config': 'all' },
    WriteData: { '/database': 'write', '/api/write': 'write', '/api/ping': 'all' },
    ReadData: { '/database': 'read', '/api/ping': 'all' },
  };

  it.each(permissionNames)('%s for all databases', (name) => {
    expect(entries({ '': [name] })).toEqual(table[name] ?? {});
  });

  it.each(permissionNames)('%s for one database', (name) => {
    const { '/database': onDatabase, ...global } = table[name] ?? {};
    expect(entries({ telegraf: [name] })).toEqual({
      ...global,
      ...(onDatabase === undefined ? {} : { '/database/telegraf_clean': onDatabase }),
    });
  });

  it('is nothing for a name that Kapacitor does not know', () => {
    expect(entries({ '': ['kapacitorapi', 'constructor', '__proto__', ''] })).toEqual({});
  });
});

describe('several permissions', () => {
  it('on one resource are joined', () => {
    expect(entries({ '': ['ReadData', 'WriteData'] })).toEqual({
      '/database': 'read+write',
      '/api/write': 'write',
      '/api/ping': 'all',
    });
    expect(entries({ db: ['ReadData'], '': ['WriteData'] })).toMatchObject({
      '/database': 'write',
      '/database/db_clean': 'read',
    });
  });

  it('leave no "none" on the configuration where it is granted, in any order and scope', () => {
    const both = { '/api': 'all', '/api/config': 'all', '/api/ping': 'all' };
    expect(entries({ '': ['KapacitorAPI', 'KapacitorConfigAPI'] })).toEqual(both);
    expect(entries({ '': ['KapacitorConfigAPI', 'KapacitorAPI'] })).toEqual(both);
    expect(entries({ a: ['KapacitorConfigAPI'], b: ['KapacitorAPI'] })).toEqual(both);
    expect(entries({ a: ['KapacitorAPI'], b: ['KapacitorConfigAPI'] })).toEqual(both);
  });

  it('given twice are given once', () => {
    expect(entries({ db: ['ReadData', 'ReadData'], '': ['KapacitorAPI', 'KapacitorAPI'] })).toEqual({
      '/api': 'all',
      '/api/config': 'none',
      '/api/ping': 'all',
      '/database/db_clean': 'read',
    });
  });

  it('of two databases with one resource are joined', () => {
    expect(entries({ 'a/b': ['ReadData'], a_b: ['WriteData'] })).toMatchObject({
      '/database/a_b_dirty': 'read',
      '/database/a_b_clean': 'write',
    });
    expect(entries({ 'a/b_': ['ReadData'], 'a_b/': ['WriteData'] })).toMatchObject({
      '/database/a_b__dirty': 'read+write',
    });
  });
});

describe('the resource of a database', () => {
  it.each([
    ['', '/database'],
    ['telegraf', '/database/telegraf_clean'],
    ['a/b', '/database/a_b_dirty'],
    ['/', '/database/__dirty'],
    ['//', '/database/___dirty'],
    ['a_b', '/database/a_b_clean'],
    ['..', '/database/.._clean'],
    ['a_dirty', '/database/a_dirty_clean'],
    ['__proto__', '/database/__proto___clean'],
  ])('%j is %j', (database, resource) => {
    expect(databaseResource(database)).toBe(resource);
  });
});

describe('the bits', () => {
  it('are each for itself', () => {
    expect(privilegeBits).toEqual({ none: 1, read: 2, write: 4, delete: 8, all: 16 });
  });
});

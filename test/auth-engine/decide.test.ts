import { describe, expect, it } from 'vitest';
import {
  privilegeBits,
  compileEndpoint,
  compilePrivileges,
  compileResource,
  decidePrivilege,
  type PrivilegeDecision,
  privilegeByMethod,
  type Privilege,
  type Privileges,
} from '../../src/auth-engine/privileges.js';

type Document = Readonly<Record<string, readonly string[]>>;

function on(document: Document, resource: string, needed: Privilege = 'read'): PrivilegeDecision {
  return decidePrivilege(compilePrivileges(new Map(Object.entries(document))), compileResource(resource), needed);
}

describe('the needed privilege', () => {
  it('is that of the method', () => {
    expect(privilegeByMethod).toEqual({
      HEAD: 'none',
      OPTIONS: 'none',
      GET: 'read',
      POST: 'write',
      PATCH: 'write',
      PUT: 'write',
      DELETE: 'delete',
    });
  });

  it('none is there for everybody', () => {
    const decision = { allowed: true, rule: 'nothing-needed', entry: undefined, mask: 0 };
    expect(on({}, '/api/config', 'none')).toEqual(decision);
    expect(on({ '': ['KapacitorAPI'] }, '/api/config', 'none')).toEqual(decision);
  });
});

describe('the resource of a path', () => {
  it.each([
    ['/kapacitor/v1/tasks', '/api/tasks'],
    ['/kapacitor/v1', '/api'],
    ['/kapacitor/v1/', '/api'],
    ['/kapacitor/v1config', '/api/config'],
    ['/kapacitor/v1preview/tasks', '/api/preview/tasks'],
    ['/kapacitor/v1/config/smtp/', '/api/config/smtp'],
    ['/write', '/api/write'],
    ['/kapacitor/v1/write', '/api/write'],
    ['/config', '/api/config'],
    ['/', '/api'],
    ['/KAPACITOR/v1/x', '/api/KAPACITOR/v1/x'],
    ['/kapacitor/v2/x', '/api/kapacitor/v2/x'],
    ['/x/kapacitor/v1/y', '/api/x/kapacitor/v1/y'],
    ['/kapacitor/v1/kapacitor/v1/x', '/api/kapacitor/v1/x'],
  ])('%s is %s', (path, resource) => {
    expect(compileEndpoint(path).resource).toBe(resource);
  });
});

describe('the nearest ancestor with an entry', () => {
  const api = { '': ['KapacitorAPI'] };

  it.each([
    ['/api', '/api', true],
    ['/api/tasks', '/api', true],
    ['/api/a/b/c', '/api', true],
    ['/api/config', '/api/config', false],
    ['/api/config/smtp/x', '/api/config', false],
    ['/api/configx', '/api', true],
    ['/api/x/config', '/api', true],
  ])('of %s is %s', (resource, entry, allowed) => {
    expect(on(api, resource)).toMatchObject({ rule: 'entry', entry, allowed });
  });

  it.each(['/', '/apix', '/database', '/database/x_clean', '/config', '/api/../x'])(
    'of %s is none: refused',
    (resource) => {
      expect(on(api, resource)).toEqual({ allowed: false, rule: 'no-entry', entry: undefined, mask: 0 });
    },
  );

  it('decides though one further up would allow', () => {
    expect(on({ '': ['KapacitorAPI', 'WriteData'] }, '/api/write', 'read')).toMatchObject({
      allowed: false,
      entry: '/api/write',
      mask: privilegeBits.write,
    });
    expect(on({ '': ['KapacitorAPI', 'WriteData'] }, '/api/write/x', 'delete').allowed).toBe(false);
    expect(on({ '': ['WriteData'], db: ['ReadData'] }, '/database/db_clean', 'write')).toMatchObject({
      allowed: false,
      entry: '/database/db_clean',
    });
  });

  it('of a database without an entry is that of all databases', () => {
    expect(on({ '': ['WriteData'] }, '/database/db_clean', 'write')).toMatchObject({
      allowed: true,
      entry: '/database',
    });
    expect(on({ other: ['WriteData'] }, '/database/db_clean', 'write').rule).toBe('no-entry');
  });

  it('of a database whose name is not clean is found by its clean form', () => {
    expect(on({ '': ['WriteData'] }, '/database/../database/.._clean', 'write').allowed).toBe(true);
    expect(on({ '..': ['WriteData'] }, '/database/.._clean', 'write').entry).toBe('/database/.._clean');
  });
});

describe('a mask', () => {
  const masked = (mask: number): Privileges => ({ masks: [mask, 0, 0, 0, 0], databases: undefined });
  const target = compileEndpoint('/kapacitor/v1/tasks');

  it.each(['read', 'write', 'delete'] as const)('has %s where its bit is set, or where it is all', (needed) => {
    for (let mask = 1; mask < 32; mask++) {
      const allowed = (mask & privilegeBits[needed]) !== 0 || mask === privilegeBits.all;
      expect(decidePrivilege(masked(mask), target, needed)).toEqual({ allowed, rule: 'entry', entry: '/api', mask });
    }
  });

  it('of a database counts alike', () => {
    for (let mask = 1; mask < 32; mask++) {
      const privileges: Privileges = { masks: [0, 0, 0, 0, 0], databases: new Map([['/database/d_clean', mask]]) };
      const allowed = (mask & privilegeBits.write) !== 0 || mask === privilegeBits.all;
      expect(decidePrivilege(privileges, compileResource('/database/d_clean'), 'write').allowed).toBe(allowed);
    }
  });
});

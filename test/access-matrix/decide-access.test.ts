import { describe, expect, it, vi } from 'vitest';
import { decidePrivilege } from '../../src/auth-engine/privileges.js';
import type { User } from '../../src/model/user.js';
import { createAccessDecider } from '../../src/access-matrix/decide-access.js';
import { buildMatrix } from '../../src/access-matrix/build.js';

vi.mock('../../src/auth-engine/privileges.js', { spy: true });

const records = [
  new Map([['', ['KapacitorAPI']]]),
  new Map([['', ['ReadData']]]),
  new Map([['telegraf', ['WriteData']]]),
  new Map<string, string[]>(),
];

function usersOf(count: number): User[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `user${i}`,
    permissions: records[i % records.length]!,
  })) as unknown as User[];
}

function whoCan(count: number): number {
  vi.mocked(decidePrivilege).mockClear();
  const access = createAccessDecider('GET', '/kapacitor/v1/tasks', true);
  const allowed = usersOf(count)
    .flatMap((user) => access(user))
    .filter((one) => one.allowed);
  expect(allowed).toHaveLength(count / records.length);
  return vi.mocked(decidePrivilege).mock.calls.length;
}

function matrix(count: number): number {
  vi.mocked(decidePrivilege).mockClear();
  const found = { users: usersOf(count), roles: [], made: '', cluster: [], rolesInUserRecords: 'no' } as const;
  const filters = { users: [], role: null, databases: [], endpoints: [], methods: [], only: null };
  buildMatrix(found, filters);
  return vi.mocked(decidePrivilege).mock.calls.length;
}

describe('verdict 22: users with the same permissions', () => {
  it('are decided once by who-can', () => {
    expect(whoCan(records.length)).toBe(records.length);
    expect(whoCan(4000)).toBe(records.length);
  });

  it('are decided once by the matrix', () => {
    const few = matrix(records.length);
    expect(few).toBeGreaterThanOrEqual(records.length);
    expect(matrix(4000)).toBe(few);
  });
});

import { matrixPage } from '../../src/output/html/matrix.js';
import type { Role, User } from '../../src/model/user.js';
import { evilNames } from '../access-matrix/evil.js';
import { matrixOf } from '../access-matrix/clusters.js';

const given = ['anna', 'ben', 'carla', 'dario', 'elena', 'felix', 'greta', 'hugo', 'ines', 'jonas', 'karim', 'lena'];
const teams = ['ops', 'platform', 'grid', 'billing', 'sensors'];
const databases = ['telegraf', 'metrics', 'billing', 'sensors_raw', 'grid/eu'];

/** The rights of the i-th user: a mix as a cluster has it. */
function rightsOf(i: number): Readonly<Record<string, readonly string[]>> {
  const [database = '', other = ''] = [databases[i % 5], databases[(i + 2) % 5]];
  const kind = (i * 37) % 100;
  if (kind < 22) return { '': ['KapacitorAPI'] };
  if (kind < 27) return { '': ['KapacitorAPI', 'KapacitorConfigAPI'] };
  if (kind < 55) return { [database]: ['WriteData'] };
  if (kind < 70) return { [database]: ['ReadData'], [other]: ['WriteData'] };
  return kind < 72 ? { '': ['KapacitorApi'] } : {};
}

/** `count` users, each of one team; two of the teams are roles with KapacitorAPI. */
export function company(count: number): { users: readonly User[]; roles: readonly Role[] } {
  const users = Array.from({ length: count }, (_, i) => {
    const number = Math.floor(i / given.length);
    const name = `${given[i % given.length]}.${teams[(i * 7) % 5]}${number === 0 ? '' : number}`;
    return { name, hash: undefined, permissions: new Map(Object.entries(rightsOf(i))) };
  });
  const roles = teams.map((name, i) => ({
    name,
    permissions: new Map([['', [i < 2 ? 'KapacitorAPI' : 'Monitor']]]),
    users: users.filter((user) => user.name.includes(`.${name}`)).map((user) => user.name),
  }));
  return { users, roles };
}

export function reportOf(count: number): string {
  return matrixPage(matrixOf(company(count)));
}

/** Users, roles and databases of names that are meant to break out; each user is alone in the role of its name. */
export function evilReport(): string {
  const users = evilNames.map((name) => ({ name, hash: undefined, permissions: new Map([[name, ['WriteData']]]) }));
  const roles = evilNames.map((name) => ({ name, users: [name], permissions: new Map([['', ['KapacitorAPI']]]) }));
  return matrixPage(matrixOf({ users, roles }));
}

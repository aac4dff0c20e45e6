import { expandPreset, type Permissions, presetFault } from '../model/permissions.js';
import { type ProblemReport, type Spot, spotBelow } from './problems.js';
import type { DesiredRole, DesiredUser } from './desired-state.js';
import { excerpt, nearest } from '../model/text.js';
import type { SecretRef } from '../mutations/change.js';
import { Secret } from '../model/secret.js';

/** The options that one file sets. */
export interface StateFileOptions {
  readonly manage?: 'listed' | 'all';
  readonly materializeRoles?: boolean;
  readonly absentUsers: readonly string[];
  readonly absentRoles: readonly string[];
}

/** What one file says. */
export interface StateFile {
  readonly file: string;
  readonly users: readonly DesiredUser[];
  readonly roles: readonly DesiredRole[];
  readonly options: StateFileOptions;
}

const topKeys = ['users', 'roles', 'options', '$schema'];
const userKeys = ['password', 'hash', 'permissions', 'presets', 'roles'];
const roleKeys = ['permissions', 'presets', 'members'];
const optionKeys = ['manage', 'materializeRoles', 'absent'];
const noPermissions: Permissions = new Map();

/** What is needed to read a file. */
interface Reading {
  readonly report: ProblemReport;
  readonly resolve: ResolvePath;
  /** Permissions; the many users of a file that have the same share one value. */
  permissions(value: unknown, spot: Spot): Permissions;
}

function permissionsReader(report: ProblemReport): Reading['permissions'] {
  const known = new Map<string, Permissions>();
  return (value, spot) => {
    const fields = Object.entries(fieldsOf(value, 'permissions', spot, report));
    if (fields.length === 0) return noPermissions;
    const scopes = fields.map(([scope, names]): readonly [string, readonly string[]] => {
      return [scope, stringsOf(names, 'permissions', spotBelow(spot, scope), report)];
    });
    const key = JSON.stringify(scopes);
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    const made: Permissions = new Map(scopes);
    known.set(key, made);
    return made;
  };
}

/** The permissions of a user or role, those of its presets included. */
function permissionsOf({ permissions, presets }: Fields, spot: Spot, reading: Reading): Permissions {
  const { report } = reading;
  const own = reading.permissions(permissions, spotBelow(spot, 'permissions'));
  if (presets === undefined) return own;
  const at = spotBelow(spot, 'presets');
  const all = new Map<string, readonly string[]>(own);
  for (const [i, name] of stringsOf(presets, 'presets', at, report).entries()) {
    const fault = presetFault(name);
    if (fault !== undefined) report.error('unknown-preset', fault.message, spotBelow(at, i), fault.hint);
    for (const [scope, names] of expandPreset(name, '')) {
      const existing = all.get(scope) ?? [];
      all.set(scope, [...existing, ...names.filter((permission) => !existing.includes(permission))]);
    }
  }
  return all;
}

function readUser(name: string, value: unknown, spot: Spot, reading: Reading): DesiredUser {
  const { report, resolve } = reading;
  const fields = fieldsOf(value, 'user', spot, report);
  checkKeys(fields, userKeys, 'user', spot, report);
  const { password, hash, roles } = fields;
  const passwordRef =
    password === undefined ? undefined : readPasswordRef(password, spotBelow(spot, 'password'), report, resolve);
  const hashRef = hash === undefined ? {} : readHashRef(hash, spotBelow(spot, 'hash'), report, resolve);
  // What is reported as faulty counts as given: that the user has no password is not reported too.
  const isFaulty =
    (password !== undefined || hash !== undefined) && passwordRef === undefined && Object.keys(hashRef).length === 0;
  const given: SecretRef | undefined = isFaulty ? { from: 'generate' } : passwordRef;
  if (password !== undefined && hash !== undefined) {
    report.error('password-and-hash', 'password and hash are both set: use one of them', spotBelow(spot, 'hash'));
  }
  return {
    name,
    file: spot.file,
    permissions: permissionsOf(fields, spot, reading),
    roles: stringsOf(roles, 'roles', spotBelow(spot, 'roles'), report),
    ...(given === undefined ? {} : { password: given }),
    ...hashRef,
  };
}

function readRole(name: string, value: unknown, spot: Spot, reading: Reading): DesiredRole {
  const { report } = reading;
  const fields = fieldsOf(value, 'role', spot, report);
  checkKeys(fields, roleKeys, 'role', spot, report);
  const members = stringsOf(fields['members'], 'members', spotBelow(spot, 'members'), report);
  return { name, file: spot.file, permissions: permissionsOf(fields, spot, reading), members };
}

function readOptions(value: unknown, spot: Spot, report: ProblemReport): StateFileOptions {
  const fields = fieldsOf(value, 'options', spot, report);
  checkKeys(fields, optionKeys, 'options', spot, report);
  const { manage, materializeRoles, absent } = fields;
  if (manage !== undefined && manage !== 'listed' && manage !== 'all') {
    const at: Spot = { ...spotBelow(spot, 'manage'), value: true };
    report.error('wrong-value', 'manage: expected listed or all', at);
  }
  const at = spotBelow(spot, 'absent');
  const lists = fieldsOf(absent, 'absent', at, report);
  checkKeys(lists, ['users', 'roles'], 'absent', at, report);
  return {
    ...(manage === 'listed' || manage === 'all' ? { manage } : {}),
    ...(materializeRoles === undefined
      ? {}
      : {
          materializeRoles: booleanOf(
            materializeRoles,
            'materializeRoles',
            spotBelow(spot, 'materializeRoles'),
            report,
          ),
        }),
    absentUsers: stringsOf(lists['users'], 'users', spotBelow(at, 'users'), report),
    absentRoles: stringsOf(lists['roles'], 'roles', spotBelow(at, 'roles'), report),
  };
}

/** The valid part of a file; the rest is reported. */
export function readStateFile(file: string, value: unknown, report: ProblemReport, resolve: ResolvePath): StateFile {
  const reading: Reading = { report, resolve, permissions: permissionsReader(report) };
  const top: Spot = { file };
  const [users, roles] = [spotBelow(top, 'users'), spotBelow(top, 'roles')];
  const fields = fieldsOf(value, 'the file', top, report);
  const known = Object.fromEntries(Object.entries(fields).filter(([key]) => !key.startsWith('x-')));
  const isUnknown = Object.keys(known).length > 0 && !topKeys.some((key) => key in known);
  if (isUnknown) {
    const meant = Object.keys(known).flatMap((key) => nearest(key, topKeys) ?? [])[0];
    const hint = meant === undefined ? formHint(objectForms['users']) : `Did you mean "${meant}"?`;
    report.error('not-a-state-file', 'not a state file: no users, roles or options', top, hint);
  } else checkKeys(known, topKeys, 'the file', top, report);
  const entries = (key: 'users' | 'roles'): [string, unknown][] =>
    Object.entries(fieldsOf(fields[key], key, spotBelow(top, key), report));
  return {
    file,
    users: entries('users').map(([name, user]) => readUser(name, user, spotBelow(users, name), reading)),
    roles: entries('roles').map(([name, role]) => readRole(name, role, spotBelow(roles, name), reading)),
    options: readOptions(fields['options'], spotBelow(top, 'options'), report),
  };
}

export type Fields = Readonly<Record<string, unknown>>;

/** The right form of what people write as a list, a string or a number instead. */
const objectForms: Readonly<Record<string, string>> = {
  'the file': 'users: { johndoe: { permissions: { "": [KapacitorAPI] } } }',
  users: 'users: { johndoe: { permissions: { "": [KapacitorAPI] } } }',
  user: 'johndoe: { permissions: { "": [KapacitorAPI] } }',
  roles: 'roles: { ops: { members: [johndoe] } }',
  role: 'ops: { members: [johndoe] }',
  permissions: 'permissions: { "": [KapacitorAPI], telegraf: [ReadData] }, "" for all databases',
  options: 'options: { manage: listed }',
  absent: 'absent: { users: [johndoe] }',
  password: 'password: { generate: true }',
  hash: 'hash: { env: NAME }',
};

/** The right form of a list. */
const listForms: Readonly<Record<string, string>> = {
  permissions: 'telegraf: [ReadData]',
  presets: 'presets: [kapacitor-editor]',
  roles: 'roles: [ops]',
  members: 'members: [johndoe]',
  users: 'users: [johndoe]',
};

function formHint(form: string | undefined): string | undefined {
  return form === undefined ? undefined : `Write ${form}.`;
}

function kind(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a string' : `a ${typeof value}`;
}

/** The fields of an object; null means none. */
function fieldsOf(value: unknown, what: string, spot: Spot, report: ProblemReport): Fields {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  report.error('wrong-shape', `${what}: expected an object, found ${kind(value)}`, spot, formHint(objectForms[what]));
  return {};
}

/** Reports unknown keys, each with the nearest known one. */
function checkKeys(fields: Fields, known: readonly string[], what: string, spot: Spot, report: ProblemReport): void {
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? `Known keys: ${known.join(', ')}` : `Did you mean "${near}"?`;
    report.error('unknown-key', `${what}: unknown key "${excerpt(key, 60)}"`, spotBelow(spot, key), hint);
  }
}

const none: readonly string[] = [];

/** A list of strings, `[]` for null; other values are reported and skipped. */
function stringsOf(value: unknown, what: string, spot: Spot, report: ProblemReport): readonly string[] {
  if (value === null || value === undefined) return none;
  if (!Array.isArray(value)) {
    report.error('wrong-shape', `${what}: expected a list, found ${kind(value)}`, spot, formHint(listForms[what]));
    return none;
  }
  if (value.every((item) => typeof item === 'string')) return value;
  return value.filter((item, i): item is string => {
    if (typeof item === 'string') return true;
    const advice = typeof item === 'number' || typeof item === 'boolean' ? '; quote it' : '';
    report.error('wrong-shape', `${what}: expected a string, found ${kind(item)}${advice}`, spotBelow(spot, i));
    return false;
  });
}

/** A boolean; in YAML only `true` and `false`. */
function booleanOf(value: unknown, what: string, spot: Spot, report: ProblemReport): boolean {
  if (value === true || value === 'true') return true;
  if (value !== false && value !== 'false') {
    report.error('wrong-value', `${what}: expected true or false`, { ...spot, value: true });
  }
  return false;
}

/** Resolves the path of a secret in a state file to an absolute path. */
export type ResolvePath = (stateFile: string, path: string) => string;

const passwordForms = '{ env: NAME }, { file: PATH } or { generate: true }';
const hashForms = '{ env: NAME }, { file: PATH } or { value: HASH }';

/** The one source in an object. Any other value may be a secret and is never shown. */
function oneOf(
  value: unknown,
  sources: readonly string[],
  forms: string,
  spot: Spot,
  report: ProblemReport,
): readonly [string, unknown] | undefined {
  const what = String(spot.step);
  if (typeof value === 'string') {
    report.error('secret-in-file', `a ${what} must not be written in the file`, spot, `Use ${forms}.`);
    return undefined;
  }
  const fields = Object.entries(fieldsOf(value, what, spot, report));
  const [first] = fields;
  if (first !== undefined && fields.length === 1 && sources.includes(first[0])) return first;
  if (fields.length > 0 || value === null) report.error('wrong-source', `${what}: expected ${forms}`, spot);
  return undefined;
}

function stringRef(
  [source, value]: readonly [string, unknown],
  spot: Spot,
  report: ProblemReport,
  resolve: ResolvePath,
): SecretRef | undefined {
  if (typeof value !== 'string' || value === '') {
    report.error('wrong-source', `${source}: expected a string`, spotBelow(spot, source));
    return undefined;
  }
  return source === 'env' ? { from: 'env', name: value } : { from: 'file', path: resolve(spot.file, value) };
}

function readPasswordRef(
  value: unknown,
  spot: Spot,
  report: ProblemReport,
  resolve: ResolvePath,
): SecretRef | undefined {
  const one = oneOf(value, ['env', 'file', 'generate'], passwordForms, spot, report);
  if (one === undefined) return undefined;
  if (one[0] !== 'generate') return stringRef(one, spot, report, resolve);
  if (one[1] !== true && one[1] !== 'true') {
    report.error('wrong-source', `password: expected ${passwordForms}`, spot);
    return undefined;
  }
  return { from: 'generate' };
}

/** A reference to a hash or, as an export writes it, the hash itself. */
function readHashRef(
  value: unknown,
  spot: Spot,
  report: ProblemReport,
  resolve: ResolvePath,
): { readonly hash?: SecretRef; readonly hashValue?: Secret } {
  const one = oneOf(value, ['env', 'file', 'value'], hashForms, spot, report);
  if (one === undefined) return {};
  if (one[0] === 'value' && typeof one[1] === 'string' && one[1] !== '') {
    return { hash: { from: 'state', file: spot.file }, hashValue: new Secret(one[1]) };
  }
  const hash = stringRef(one, spot, report, resolve);
  return hash === undefined ? {} : { hash };
}

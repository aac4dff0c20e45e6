import { escapeHidden, jsonForm } from '../model/escape.js';
import type { Permissions } from '../model/user.js';
import type { DocumentRole, DocumentUser, StateDocument } from './document.js';
import { byText, scoped } from './plan/permissions.js';

/** Words that YAML may take for something else, or that look like it. */
const plainWord = /^[A-Za-z_][A-Za-z0-9_@./-]*$/;
const taken = /^(null|true|false|yes|no|on|off|y|n)$/i;

const longestKey = 1000;

/** A text as YAML: bare where nothing else can be read in it, else in JSON's quotes. */
function text(value: string): string {
  if (plainWord.test(value) && !taken.test(value)) return value;
  return escapeHidden(JSON.stringify(value), jsonForm);
}

/** A key and what follows on its line; YAML takes no longer ones without the question mark. */
function keyed(indent: string, key: string, value = ''): string {
  const word = text(key);
  const colon = value === '' ? ':' : `: ${value}`;
  return word.length <= longestKey ? `${indent}${word}${colon}` : `${indent}? ${word}\n${indent}${colon}`;
}

function list(names: readonly string[]): string {
  return `[${names.map(text).join(', ')}]`;
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(byText);
}

function permissionLines(permissions: Permissions): string[] {
  const held = scoped(permissions).filter((scope) => scope.permissions.length > 0);
  if (held.length === 0) return [];
  return [
    '    permissions:',
    ...held.map(({ scope, permissions: names }) => keyed('      ', scope, list(sorted(names)))),
  ];
}

/** One name a line: a member more is a line more in a diff. */
function nameLines(key: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`    ${key}:`, ...sorted(names).map((name) => `      - ${text(name)}`)];
}

function entry(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [keyed('  ', name, '{}')] : [keyed('  ', name), ...lines];
}

function userLines({ name, hash, permissions, roles = [] }: DocumentUser): string[] {
  const hashLine = hash === undefined ? [] : [`    hash: { value: ${JSON.stringify(hash.reveal())} }`];
  return entry(name, [...hashLine, ...permissionLines(permissions), ...nameLines('roles', roles)]);
}

function roleLines({ name, permissions, members }: DocumentRole): string[] {
  return entry(name, [...permissionLines(permissions), ...nameLines('members', members)]);
}

function section(key: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${key}: {}`] : [`${key}:`, ...lines];
}

function absentLines({ absentUsers, absentRoles }: StateDocument): string[] {
  const lines = [
    ...(absentUsers.length === 0 ? [] : [`    users: ${list(absentUsers)}`]),
    ...(absentRoles.length === 0 ? [] : [`    roles: ${list(absentRoles)}`]),
  ];
  return lines.length === 0 ? [] : ['  absent:', ...lines];
}

/** The document as YAML: the same state gives the same text. */
export function writeYaml(document: StateDocument): string {
  const lines = [
    ...document.comments.map((comment) => `# ${comment}`),
    ...section('users', document.users.flatMap(userLines)),
    ...section('roles', document.roles.flatMap(roleLines)),
    'options:',
    '  manage: listed',
    '  materializeRoles: false',
    ...absentLines(document),
  ];
  return `${lines.join('\n')}\n`;
}

function permissionsJson(permissions: Permissions): { permissions?: object } {
  const held = scoped(permissions).filter((scope) => scope.permissions.length > 0);
  if (held.length === 0) return {};
  return { permissions: Object.fromEntries(held.map((scope) => [scope.scope, sorted(scope.permissions)])) };
}

/** The document as plain data, for JSON. */
export function stateJson({ users, roles, absentUsers, absentRoles }: StateDocument): object {
  const names = (key: string, list: readonly string[]): object => (list.length === 0 ? {} : { [key]: sorted(list) });
  const absent = { ...names('users', absentUsers), ...names('roles', absentRoles) };
  return {
    users: Object.fromEntries(
      users.map(({ name, hash, permissions, roles: of = [] }) => [
        name,
        { ...(hash && { hash: { value: hash.reveal() } }), ...permissionsJson(permissions), ...names('roles', of) },
      ]),
    ),
    roles: Object.fromEntries(
      roles.map(({ name, permissions, members }) => [
        name,
        { ...permissionsJson(permissions), ...names('members', members) },
      ]),
    ),
    options: {
      manage: 'listed',
      materializeRoles: false,
      ...(Object.keys(absent).length === 0 ? {} : { absent }),
    },
  };
}

/*
 * A second statement of how a permission document decides, written from the text of docs/how-kapacitor-decides.md and
 * as slow and plain as that. It takes nothing from src.
 */

export type Document = readonly (readonly [scope: string, permissions: readonly string[]])[];

type Right = 'none' | 'read' | 'write' | 'delete' | 'all';

interface Given {
  readonly resource: string;
  readonly right: Right;
}

/** A list of directories instead of a path: no `.`, `..` or empty ones. */
function directories(path: string): string[] {
  const list: string[] = [];
  for (const directory of path.split('/')) {
    if (directory === '..') list.pop();
    else if (directory !== '' && directory !== '.') list.push(directory);
  }
  return list;
}

function resourceOfDatabase(name: string): string {
  if (name === '') return '/database';
  let plain = '';
  for (const letter of name) plain += letter === '/' ? '_' : letter;
  return name.indexOf('/') >= 0 ? '/database/' + plain + '_dirty' : '/database/' + plain + '_clean';
}

/** The table of section 5, row by row. */
function rightsOf(document: Document): Given[] {
  const given: Given[] = [];
  let hasApi = false;
  for (const [scope, permissions] of document) {
    for (const permission of permissions) {
      if (permission === 'KapacitorAPI') {
        hasApi = true;
        given.push({ resource: '/api', right: 'all' });
      }
      if (permission === 'KapacitorConfigAPI') {
        given.push({ resource: '/api/ping', right: 'all' });
        given.push({ resource: '/api/config', right: 'all' });
      }
      if (permission === 'WriteData') {
        given.push({ resource: resourceOfDatabase(scope), right: 'write' });
        given.push({ resource: '/api/write', right: 'write' });
        given.push({ resource: '/api/ping', right: 'all' });
      }
      if (permission === 'ReadData') {
        given.push({ resource: resourceOfDatabase(scope), right: 'read' });
        given.push({ resource: '/api/ping', right: 'all' });
      }
    }
  }
  const configurationGranted = given.some(({ resource }) => resource === '/api/config');
  if (hasApi && !configurationGranted) given.push({ resource: '/api/config', right: 'none' });
  return given;
}

/** Section 6: the nearest ancestor that has an entry decides. */
function has(given: readonly Given[], resource: string, needed: Right): boolean {
  if (needed === 'none') return true;
  const path = directories(resource);
  for (;;) {
    const name = '/' + path.join('/');
    const here = given.filter((one) => one.resource === name).map(({ right }) => right);
    if (here.length > 0) {
      const isAll = here.every((right) => right === 'all');
      return isAll || here.includes(needed);
    }
    if (path.length === 0) return false;
    path.pop();
  }
}

function neededFor(method: string): Right {
  if (method === 'HEAD' || method === 'OPTIONS') return 'none';
  if (method === 'GET') return 'read';
  if (method === 'DELETE') return 'delete';
  return 'write';
}

const version = '/kapacitor/v1';
const preview = '/kapacitor/v1preview/';

/** What a user with this document is answered, once logged in; `path` is clean and decoded. */
export function naive(document: Document, method: string, path: string, database = ''): 'allow' | '403' | '401' {
  const given = rightsOf(document);
  const behind = path.startsWith(version) ? path.slice(version.length) : path;
  const resource = '/' + directories('/api/' + behind).join('/');
  if (method === 'OPTIONS') return 'allow';
  if (!has(given, resource, neededFor(method))) return '403';
  if (path.startsWith(preview) && !(method === 'GET' && path === '/kapacitor/v1preview/logs')) {
    return naive(document, method, version + '/' + path.slice(preview.length), database);
  }
  const isWrite = method === 'POST' && (path === '/write' || path === '/kapacitor/v1/write');
  if (!isWrite || database === '') return 'allow';
  return has(given, resourceOfDatabase(database), 'write') ? 'allow' : '401';
}

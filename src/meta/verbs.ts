import { expectDone, expectStatus, readJson } from './answer.js';
import type { CallOptions, MetaClient } from './api.js';
import { MetaError } from './errors.js';
import { pathOf } from './path.js';
import type { Accept, Requester } from './request.js';
import { refusalError } from './refusals.js';
import { quoted } from './shown.js';
import { parseCluster, parseLdapConfig, parseRoles, parseStatus, parseUsers } from './wire.js';
import { encodeRoleWrite, encodeUserWrite, type EncodedWrite } from './write.js';

function reading<T>(parse: (value: unknown) => T): Accept<T> {
  return (answer, asked) => readJson(answer, asked, parse);
}

const version: Accept<string | undefined> = (answer, asked) => {
  expectStatus(answer, asked, 204, 200);
  return answer.header('x-influxdb-version');
};

const allowed: Accept<boolean> = (answer, asked) => {
  if (answer.status === 200) return true;
  const error = refusalError(answer, asked);
  if (error.code === 'credentials-refused') return false;
  throw error;
};

/** The requests of the meta API; `reads` says where reads of users and roles go. */
export function createVerbs(
  { request }: Requester,
  reads: 'any' | 'leader',
): Omit<MetaClient, 'nodes' | 'mask' | 'close'> {
  /** Users or roles: all, or the one of a name, where "not found" is an empty list. */
  async function list<T>(
    noun: 'user' | 'role',
    parse: (value: unknown) => readonly T[],
    { name, signal }: CallOptions & { name?: string | undefined },
  ): Promise<readonly T[]> {
    const purpose = name === undefined ? `read ${noun}s` : `read ${noun} ${quoted(name)}`;
    const path = pathOf(`/${noun}`, { name });
    try {
      return await request({ purpose, method: 'GET', path, signal }, reading(parse), reads);
    } catch (error) {
      if (name !== undefined && error instanceof MetaError && error.code === `${noun}-not-found`) return [];
      throw error;
    }
  }

  function write({ path, purpose, body, shown, secrets }: EncodedWrite, { signal }: CallOptions): Promise<void> {
    const post = { purpose, method: 'POST', path, body, shownBody: shown, secrets, signal } as const;
    return request(post, expectDone, 'leader');
  }

  function read<T>(purpose: string, path: string, accept: Accept<T>, { signal }: CallOptions): Promise<T> {
    return request({ purpose, method: 'GET', path, signal }, accept, 'any');
  }

  return {
    users: async (options = {}) => list('user', parseUsers, options),
    roles: async (options = {}) => list('role', parseRoles, options),
    writeUser: async (body, options = {}) => write(encodeUserWrite(body), options),
    writeRole: async (body, options = {}) => write(encodeRoleWrite(body), options),
    ping: ({ signal } = {}) => {
      const ping = { purpose: 'ping a meta node', method: 'GET', path: '/ping', anonymous: true, signal } as const;
      return request(ping, version, 'any');
    },
    status: (options = {}) => read('read the status of a meta node', '/status', reading(parseStatus), options),
    showCluster: (options = {}) =>
      read('read the nodes of the cluster', '/show-cluster', reading(parseCluster), options),
    ldapConfig: (options = {}) =>
      read('read the LDAP configuration', '/ldap/v1/config', reading(parseLdapConfig), options),
    authorized: async ({ name, password, permission, resource }, { signal } = {}) => {
      const path = pathOf('/authorized', { name, password: password.reveal(), permission, resource });
      const purpose = `ask for the rights of ${quoted(name)}`;
      return request({ purpose, method: 'GET', path, secrets: [password], signal }, allowed, 'any');
    },
    get: async (path, { signal } = {}) => {
      const raw = { purpose: 'read from a meta node', method: 'GET', path, signal } as const;
      const { url, answer } = await request(raw, (answer, asked) => ({ answer, url: asked.url }), reads);
      return { ...answer, url };
    },
  };
}

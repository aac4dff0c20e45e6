import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A meta node that always answers the same, and counts what it was asked. */
export interface StillMeta {
  readonly url: string;
  /** Requests since the last `forget`, such as `POST /user`. */
  readonly asked: readonly string[];
  forget(): void;
  close(): Promise<void>;
}

const users = [
  {
    name: 'admin',
    hash: '$2a$04$bcryptbcryptbcryptbcryptbcryptbcryptbcryptbcryptbcrypt',
    permissions: { '': ['ViewAdmin'] },
  },
  {
    name: 'joe',
    hash: '$2a$04$bcryptbcryptbcryptbcryptbcryptbcryptbcryptbcryptbcrypt',
    permissions: { '': ['KapacitorAPI'] },
  },
];
const rule = { database: { match: 'exact', value: 'telegraf' }, permissions: ['write'] };
const restrictions = [{ id: '1', ...rule, tags: [{ match: 'exact', key: 'dc', value: 'east' }] }];
const grants = [{ id: '1', ...rule, users: [{ name: 'joe' }] }];
const roles = [{ name: 'ops', permissions: { '': ['ReadData'] }, users: ['joe'] }];

export function answerTo(method: string, url: URL, self: string): { status: number; value?: unknown } {
  if (method !== 'GET') return { status: 200 };
  const name = url.searchParams.get('name');
  const found = <T extends { name: string }>(all: readonly T[]) =>
    all.filter((one) => name === null || one.name === name);
  switch (url.pathname) {
    case '/user':
      return found(users).length === 0
        ? { status: 404, value: { error: 'user not found' } }
        : { status: 200, value: { users: found(users) } };
    case '/role':
      return found(roles).length === 0
        ? { status: 404, value: { error: 'role not found' } }
        : { status: 200, value: { roles: found(roles) } };
    case '/influxdb/v2/acl/restrictions':
      return { status: 200, value: { restrictions } };
    case '/influxdb/v2/acl/grants':
      return { status: 200, value: { grants } };
    case '/ping':
      return { status: 204 };
    case '/status':
      return {
        status: 200,
        value: { nodeType: 'meta', leader: 'a:8089', httpAddr: self, raftAddr: 'a:8089', peers: [] },
      };
    case '/show-cluster':
      return {
        status: 200,
        value: { data: [], meta: [{ id: 1, addr: self, httpScheme: 'http', tcpAddr: 'a:8089', version: '1.11' }] },
      };
    default:
      return { status: 404, value: { error: 'not found' } };
  }
}

/** Holds the users admin and joe, the role ops of joe, a restriction and a grant. Every write is done, and changes nothing. */
export async function stillMeta(): Promise<StillMeta> {
  const asked: string[] = [];
  const server = createServer(
    { maxHeaderSize: 4 * 1024 * 1024 },
    (request: IncomingMessage, response: ServerResponse) => {
      request.resume().on('end', () => {
        const { method = '', url = '/', headers } = request;
        const target = new URL(url, `http://${headers.host ?? 'x'}`);
        asked.push(`${method} ${target.pathname}`);
        const { status, value } = answerTo(method, target, headers.host ?? '');
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(value === undefined ? '' : JSON.stringify(value));
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    forget: () => void asked.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

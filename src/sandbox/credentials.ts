import { Buffer } from 'node:buffer';
import { Secret } from '../model/secret.js';
import type { MetaRequest } from './message.js';

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'bearer'; readonly token: string };

function basic(header: string): Credentials | undefined {
  const encoded = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { kind: 'password', username: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

/** Query `u` and `p` first, then the Authorization header; undefined where neither can be read. */
export function credentialsOf(request: MetaRequest, query: ReadonlyMap<string, string>): Credentials | undefined {
  const username = query.get('u');
  const password = query.get('p');
  if (username && password) return { kind: 'password', username, password: new Secret(password) };
  const given = request.headers['authorization'];
  const header = (typeof given === 'string' ? given : given?.[0]) ?? '';
  const token = /^Bearer ([^ ]+)$/.exec(header)?.[1];
  return token === undefined ? basic(header) : { kind: 'bearer', token };
}

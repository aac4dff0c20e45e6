import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../model/secret.js';

const algorithms = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

export interface TokenSecrets {
  /** Signs tokens that name a user. */
  readonly shared: Secret | undefined;
  /** Signs tokens with an empty user name: everything is allowed. */
  readonly internal: Secret | undefined;
}

function decode(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The user name of a bearer token that is signed with the right secret and not expired at `now` (ms), else undefined. */
export function userOfToken(token: string, secrets: TokenSecrets, now: number): string | undefined {
  const [head = '', claims = '', signature = '', ...rest] = token.split('.');
  const hash = algorithms.get(String(decode(head)?.['alg']));
  const content = decode(claims);
  const username = content?.['username'];
  const expiry = content?.['exp'];
  if (rest.length > 0 || hash === undefined || typeof username !== 'string' || typeof expiry !== 'number')
    return undefined;
  const secret = username === '' ? secrets.internal : secrets.shared;
  if (secret === undefined || secret.reveal() === '') return undefined;
  const wanted = createHmac(hash, secret.reveal()).update(`${head}.${claims}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return expiry * 1000 > now ? username : undefined;
}

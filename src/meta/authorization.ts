import type { MetaAccount, MetaCredentials } from './client-types.js';
import { usageError } from '../errors.js';
import { createHmac } from 'node:crypto';

export interface Authorizer {
  readonly account: MetaAccount;
  /** The Authorization header at a time (milliseconds); undefined without credentials. */
  header(now: number): string | undefined;
  /** Secrets that a server might echo. */
  secrets(): readonly string[];
}

const tokenReuseMs = 60_000;

/** The Authorization headers of these credentials. Throws a usage error for a name that Basic cannot carry. */
export function createAuthorizer(credentials: MetaCredentials): Authorizer {
  if (credentials.kind === 'none') {
    return { account: { kind: 'none' }, header: () => undefined, secrets: () => [] };
  }
  const { username } = credentials;
  if (credentials.kind === 'basic') {
    if (username.includes(':')) {
      throw usageError(
        'bad-meta-username',
        'the meta username contains a colon, which Basic authentication does not allow',
      );
    }
    const encoded = Buffer.from(`${username}:${credentials.password.reveal()}`).toString('base64');
    return {
      account: { kind: 'basic', username },
      header: () => `Basic ${encoded}`,
      secrets: () => [credentials.password.reveal(), encoded],
    };
  }
  let token = '';
  let signedAt = Number.NEGATIVE_INFINITY;
  return {
    account: { kind: 'bearer', username },
    header: (now) => {
      if (now < signedAt || now - signedAt > tokenReuseMs) {
        token = signToken(username, credentials.secret.reveal(), now);
        signedAt = now;
      }
      return `Bearer ${token}`;
    },
    secrets: () => [credentials.secret.reveal(), token],
  };
}

const tokenLifetimeSeconds = 300;

function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * A JWT (HS512) for a user, signed with the shared secret and valid for five minutes; `now` in milliseconds. The claims
 * are those of Kapacitor's own client (services/auth/meta/client.go).
 */
export function signToken(username: string, secret: string, now: number): string {
  const claims = { exp: Math.floor(now / 1000) + tokenLifetimeSeconds, username };
  const text = `${encodePart({ alg: 'HS512', typ: 'JWT' })}.${encodePart(claims)}`;
  return `${text}.${createHmac('sha512', secret).update(text).digest('base64url')}`;
}

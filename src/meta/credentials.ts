import { usageError } from '../errors.js';
import type { Account } from './event.js';
import type { Credentials } from './options.js';
import { signToken } from './token.js';

export interface Authorizer {
  readonly account: Account;
  /** The Authorization header at a time (milliseconds); undefined without credentials. */
  header(now: number): string | undefined;
  /** What a server might echo and nobody may read. */
  secrets(): readonly string[];
}

const tokenReuse = 60_000;

/** The Authorization headers of these credentials. Throws a usage error for a name that Basic cannot carry. */
export function authorizer(credentials: Credentials): Authorizer {
  if (credentials.kind === 'none') {
    return { account: { kind: 'none' }, header: () => undefined, secrets: () => [] };
  }
  const { username } = credentials;
  if (credentials.kind === 'basic') {
    if (username.includes(':')) {
      throw usageError('bad-meta-username', 'the meta username holds a colon, which Basic authentication cannot carry');
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
      if (now < signedAt || now - signedAt > tokenReuse) {
        token = signToken(username, credentials.secret.reveal(), now);
        signedAt = now;
      }
      return `Bearer ${token}`;
    },
    secrets: () => [credentials.secret.reveal(), token],
  };
}

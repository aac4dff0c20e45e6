import { createHmac } from 'node:crypto';

const lifetime = 300;

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * A JWT (HS512) for a user, signed with the shared secret and good for five minutes; `now` in milliseconds. The claims
 * are those of Kapacitor's own client (services/auth/meta/client.go).
 */
export function signToken(username: string, secret: string, now: number): string {
  const claims = { exp: Math.floor(now / 1000) + lifetime, username };
  const text = `${part({ alg: 'HS512', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha512', secret).update(text).digest('base64url')}`;
}

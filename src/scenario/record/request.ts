import { readCredentials, subscriber } from '../../auth-engine/request.js';
import { parseUrl, unescape } from '../../go-compat/url.js';
import { toBinary, toText } from '../../go-compat/utf8.js';
import { signAnew } from '../../auth-engine/jwt.js';
import type { TokenStep } from '../../auth-engine/trace.js';
import { type Life, placeholder, replacePassword, stepsOf } from './life.js';

interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a scenario writes it, with its credentials replaced. */
export interface RecordedRequest extends Credentials {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** The request and the password in it, which may be in the query. */
export interface Recorded {
  readonly request: RecordedRequest;
  readonly password: string;
}

function masked(secret: string): string {
  return secret.replace(/[^ .=]/g, 'A');
}

/** The target with the passwords in its query replaced. */
function targetOf(life: Life): string {
  return life.request.target.replace(/([?&](?:p|%70)=)([^&]*)/gi, (_, name: string, value: string) => {
    const password = value.includes(';') ? undefined : unescape(value, 'query');
    return name + (password === undefined ? '%zz' : replacePassword(life, password));
  });
}

/** A token that fails the same check, or passes with the same claims, signed with the replaced secret. */
function replaceToken(token: string, { check = 10, emptySecret }: TokenStep): string {
  const secret = emptySecret ? '' : placeholder.sharedSecret;
  const signed = check > 6 ? signAnew(token, secret) : undefined;
  const readable = check < 3 ? 0 : check === 3 ? 1 : 2;
  const segments = token.split('.').map((segment, i) => (i < readable ? segment : masked(segment)));
  return signed ?? segments.join('.');
}

function authorization(text: string): Credentials {
  return { headers: { Authorization: text } };
}

/** Name and password as a scenario takes them, or as a header where they are not UTF-8. */
function basic(name: string, password: string): Credentials {
  const username = toText(name);
  if (toBinary(username) === name) return { username, password };
  return authorization(`Basic ${Buffer.from(`${name}:${password}`, 'latin1').toString('base64')}`);
}

/** A header that Kapacitor does not use, for the same reason. */
function unused(header: string): Credentials {
  if (header === '') return {};
  const [, scheme = '', rest = ''] = /^((?:basic|bearer)(?: |$))?(.*)$/is.exec(header) ?? [];
  return authorization(scheme + masked(rest));
}

function replaceCredentials(life: Life, header: string): { sent: Credentials; password: string } {
  const query = parseUrl(life.request.target, true)?.rawQuery ?? '';
  const read = readCredentials(header, query, life.version);
  if (!read.ok) {
    const isUnnamed = read.step.form === 'basic';
    return { sent: isUnnamed ? basic('', placeholder.password) : unused(header), password: '' };
  }
  const given = read.credentials;
  switch (given.form) {
    case 'query':
      return { sent: unused(header), password: replacePassword(life, given.password) };
    case 'basic': {
      const password = replacePassword(life, given.password);
      return { sent: basic(given.user, password), password };
    }
    case 'subscriber':
      return { sent: basic(subscriber, masked(given.token)), password: '' };
    case 'bearer': {
      const step = stepsOf(life).find((one) => one.kind === 'token');
      const token = step === undefined ? masked(given.token) : replaceToken(given.token, step);
      return { sent: authorization(`Bearer ${token}`), password: '' };
    }
  }
}

/**
 * The request with its credentials replaced; other headers are left out, except for one that makes it unreadable.
 */
export function recordRequest(life: Life): Recorded {
  const { method, headers } = life.request;
  const request = { method: toText(method), path: toText(targetOf(life)) };
  const refused = stepsOf(life).find((step) => step.kind === 'target');
  if (refused?.reason === 'header') return { request: { ...request, headers: { 'no name': 'x' } }, password: '' };
  const header = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const { sent, password } = replaceCredentials(life, header.replace(/^[ \t]+|[ \t]+$/g, ''));
  return { request: { ...request, ...sent }, password };
}

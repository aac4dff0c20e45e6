import { readCredentials, subscriber } from '../../kapacitor/credentials.js';
import { unescape } from '../../kapacitor/go/escape.js';
import { parseUrl } from '../../kapacitor/go/url.js';
import { toText } from '../../kapacitor/go/text.js';
import { toBinary } from '../../kapacitor/go/utf8.js';
import { maxBcryptBytes } from '../../model/bcrypt-limit.js';
import { signAnew } from '../../kapacitor/jwt.js';
import type { HttpRequest } from '../../kapacitor/request.js';
import type { CredentialsStep, TokenStep } from '../../kapacitor/trace.js';
import { isPasswordRight, stepsOf, type Life } from './life.js';
import { madeUp } from './made-up.js';

/** A request as a scenario writes it; its credentials are made up. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A password that fares as the given one does: an empty one stays empty, one that is too long stays so. */
function madeUpPassword(life: Life, given: string): string {
  if (given === '') return '';
  if (given.length > maxBcryptBytes) return 'x'.repeat(given.length);
  return isPasswordRight(life) ? madeUp.rightPassword : madeUp.wrongPassword;
}

/** The target with the passwords in its query made up. */
function target(life: Life): string {
  const whole = life.request.target;
  const at = whole.indexOf('?');
  if (at < 0) return whole;
  const pairs = whole
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      if (unescape(name, 'query') !== 'p' || rest.length === 0) return pair;
      const value = unescape(rest.join('='), 'query');
      return value === undefined ? `${name}=%zz` : `${name}=${madeUpPassword(life, value)}`;
    });
  return `${whole.slice(0, at)}?${pairs.join('&')}`;
}

/** Each sign of base64url becomes an A: what is no base64 stays where it is. */
function masked(segment: string): string {
  return segment.replace(/[A-Za-z0-9_-]/g, 'A');
}

/** The method in a header that was decoded already. */
function algorithmOf(head: string): string {
  const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString());
  return String((header as { alg?: unknown }).alg);
}

/** A token that fails the same check, or passes with the same claims, signed with a made-up secret. */
function madeUpToken(token: string, { check = 10, emptySecret, algorithm }: TokenStep): string {
  const segments = token.split('.');
  const [head = '', claims = '', signature = ''] = segments;
  if (check === 2 && /^bearer /i.test(token)) return `${token.slice(0, 7)}${masked(head.slice(7))}.A.A`;
  if (check <= 2 || segments.length !== 3) return segments.map(masked).join('.');
  if (check === 3) return `${head}.${masked(claims)}.${masked(signature)}`;
  if (check <= 6) return `${head}.${claims}.${masked(signature)}`;
  const known = algorithm ?? algorithmOf(head);
  return signAnew(token, known, emptySecret ? '' : madeUp.sharedSecret) ?? `${head}.${claims}.A`;
}

const unread: Readonly<Record<NonNullable<CredentialsStep['ignored']>, string>> = {
  scheme: 'Digest made-up',
  base64: 'Basic !',
  'no-colon': `Basic ${Buffer.from('made-up').toString('base64')}`,
  'empty-bearer': 'Bearer',
  'bearer-words': 'Bearer made up',
};

type Sent = Pick<RecordedRequest, 'username' | 'password' | 'headers'>;

function authorized(text: string): Sent {
  return { headers: { Authorization: text } };
}

/** Name and password as a scenario takes them, or as a header where they are no UTF-8. */
function account(name: string, password: string): Sent {
  const username = toText(name);
  if (toBinary(username) === name) return { username, password };
  return authorized(`Basic ${Buffer.from(`${name}:${password}`, 'latin1').toString('base64')}`);
}

/** A subscription token that is refused with the same words. */
function madeUpSubscription(life: Life): string {
  const failed = stepsOf(life).find((step) => step.kind === 'subscription');
  return failed?.message === 'invalid subscription token' ? 'made-up-token' : 'made up token';
}

/** What is sent in place of the credentials, with the password in it. */
function credentials(life: Life, header: string): { sent: Sent; password: string } {
  const query = parseUrl(life.request.target, true)?.rawQuery ?? '';
  const read = readCredentials(header, query);
  const { ignored } = read.step;
  const instead = ignored === undefined ? {} : authorized(unread[ignored]);
  if (!read.ok) {
    return { sent: read.step.form === 'basic' ? account('', madeUp.rightPassword) : instead, password: '' };
  }
  const given = read.credentials;
  switch (given.form) {
    case 'query':
      return { sent: instead, password: madeUpPassword(life, given.password) };
    case 'basic': {
      const password = madeUpPassword(life, given.password);
      return { sent: account(given.user, password), password };
    }
    case 'subscriber':
      return { sent: account(subscriber, madeUpSubscription(life)), password: '' };
    case 'bearer': {
      const step = stepsOf(life).find((one) => one.kind === 'token');
      const token = step === undefined ? 'made-up' : madeUpToken(given.token, step);
      return { sent: authorized(`Bearer ${token}`), password: '' };
    }
  }
}

/**
 * The request with its credentials made up, and the password in it; other headers are left out, but one that makes it
 * unreadable.
 */
export function recordRequest(life: Life): { request: RecordedRequest; password: string } {
  const { method, headers }: HttpRequest = life.request;
  const plain = { method: toText(method), path: toText(target(life)) };
  const refused = stepsOf(life).find((step) => step.kind === 'target');
  if (refused?.reason === 'header') return { request: { ...plain, headers: { 'made up': 'x' } }, password: '' };
  const header = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const { sent, password } = credentials(life, header.replace(/^[ \t]+|[ \t]+$/g, ''));
  return { request: { ...plain, ...sent }, password };
}

import { decodeStandard } from '../go-compat/base64.js';
import { parseQuery, queryValue } from '../go-compat/url.js';
import { toText } from '../go-compat/utf8.js';
import type { CredentialsStep } from './trace.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

/** Who the requester says to be; strings are binary. */
export type Credentials =
  | { readonly form: 'bearer'; readonly token: string }
  | { readonly form: 'subscriber'; readonly token: string }
  | { readonly form: 'basic' | 'query'; readonly user: string; readonly password: string };

type Ignored = CredentialsStep['ignored'];

/** The name of subscriptions; it works by Basic only. */
export const subscriber = '~subscriber';

/** Basic: the scheme in any case, one blank, padded base64 that holds a colon (net/http, parseBasicAuth). */
function readBasic(header: string): { user: string; password: string } | Ignored {
  if (!/^basic /i.test(header)) return header === 'Bearer' ? 'empty-bearer' : 'scheme';
  const decoded = decodeStandard(header.slice('Basic '.length));
  if (!decoded.ok) return 'base64';
  const colon = decoded.bytes.indexOf(':');
  if (colon < 0) return 'no-colon';
  return { user: decoded.bytes.slice(0, colon), password: decoded.bytes.slice(colon + 1) };
}

export type Read =
  | { readonly ok: true; readonly credentials: Credentials; readonly step: CredentialsStep }
  | { readonly ok: false; readonly step: CredentialsStep & { readonly message: string } };

function found(credentials: Credentials, ignored: Ignored, rule: string): Read {
  const named = credentials.form === 'basic' || credentials.form === 'query';
  const step = { kind: 'credentials', rule, form: credentials.form, ignored } as const;
  const user = named ? toText(credentials.user) : undefined;
  if (!named || credentials.user !== '') {
    return { ok: true, credentials, step: { ...step, outcome: 'pass', user, message: undefined } };
  }
  return { ok: false, step: { ...step, outcome: 'fail', user, message: 'username required' } };
}

/**
 * The credentials of a request, the first form that is there (services/httpd/handler.go, parseCredentials).
 * @param header the Authorization header, blanks at both ends off @param rawQuery the query as it came
 */
export function readCredentials(header: string, rawQuery: string, { rules }: KapacitorVersion = defaultVersion): Read {
  let ignored: Ignored;
  if (header !== '') {
    const isBearer = header.startsWith('Bearer ');
    const token = header.slice('Bearer '.length);
    const hasMoreWords = !rules.bearerCut && token.includes(' ');
    if (isBearer && !hasMoreWords) return found({ form: 'bearer', token }, undefined, '2.1');
    const basic = isBearer ? 'bearer-words' : readBasic(header);
    if (typeof basic === 'object') {
      if (basic.user === subscriber) return found({ form: 'subscriber', token: basic.password }, undefined, '2.2');
      return found({ form: 'basic', ...basic }, undefined, '2.2');
    }
    ignored = basic;
  }
  const query = parseQuery(rawQuery);
  const user = queryValue(query, 'u');
  const password = queryValue(query, 'p');
  if (user !== '' && password !== '') return found({ form: 'query', user, password }, ignored, '2.3');
  const message = 'unable to parse authentication credentials';
  const step = { kind: 'credentials', outcome: 'fail', rule: '2.4', form: 'none', user: undefined, ignored } as const;
  return { ok: false, step: { ...step, message } };
}

import { type Base64Result, decodeBase64Url, decodePaddedBase64Url, encodeBase64Url } from '../go-compat/base64.js';
import { type HashName, hmac } from '../go-compat/hmac.js';
import { type JsonValue, parseFirstJson, parseJson } from '../go-compat/json.js';
import { toText } from '../go-compat/utf8.js';
import { defaultVersion, type KapacitorVersion, type VersionRules } from '../model/kapacitor-versions.js';

/** The checks of a token, in their order. */
type TokenCheck = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** The user of a valid token (binary), or the number of the check that it failed. */
export type TokenResult =
  | { readonly ok: true; readonly username: string; readonly expires: number; readonly algorithm: string }
  | { readonly ok: false; readonly check: TokenCheck; readonly message: string };

const hmacs: Readonly<Record<string, HashName>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** The other signing methods that golang-jwt knows. */
const otherMethods = new Set(
  ['RS', 'PS', 'ES'].flatMap((family) => [`${family}256`, `${family}384`, `${family}512`]).concat('EdDSA', 'none'),
);

type Claims = ReadonlyMap<string, JsonValue>;

function invalidToken(check: TokenCheck, what: string): TokenResult {
  return { ok: false, check, message: `invalid token: ${what}` };
}

function illegalBase64(check: TokenCheck, decoded: Extract<Base64Result, { ok: false }>): TokenResult {
  return invalidToken(check, `illegal base64 data at input byte ${decoded.at}`);
}

/** Finds the first number that overflows float64, at any depth: it fails the whole document. */
function overflowingNumber(json: JsonValue): string | undefined {
  const pending = [json];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'number' && !Number.isFinite(Number(next.text))) return next.text;
    if (next.kind === 'array') for (const item of next.items.toReversed()) pending.push(item);
    if (next.kind === 'object') for (const [, value] of next.entries.toReversed()) pending.push(value);
  }
  return undefined;
}

/** A `map[string]interface{}`: the last of repeated keys wins, `null` is an empty map. */
function toClaims(json: JsonValue, type: string): Claims | string {
  if (json.kind === 'null') return new Map();
  if (json.kind !== 'object') {
    const what = json.kind === 'boolean' ? 'bool' : json.kind;
    return `json: cannot unmarshal ${what} into Go value of type ${type}`;
  }
  const text = overflowingNumber(json);
  return text === undefined
    ? new Map(json.entries)
    : `json: cannot unmarshal number ${text} into Go value of type float64`;
}

const minTime = Number.NEGATIVE_INFINITY;
/** Beyond this number, Go's time overflows into the past. */
const overflow = 2 ** 63 - 62135596800;

/** golang-jwt newNumericDateFromSeconds: whole seconds since 1970, rounded down. */
function seconds(value: number): number {
  if (value > overflow || value < -(2 ** 63)) return minTime;
  const whole = Math.trunc(value);
  return Math.trunc((value - whole) * 1e9) < 0 ? whole - 1 : whole;
}

/**
 * A time claim as the library reads it; undefined if it counts as unset. golang-jwt 4 checks whether the claim itself
 * is 0, golang-jwt 3 whether its whole seconds are; there int64 overflows into the past.
 */
function timeOf(value: number, { jwt4 }: VersionRules): number | undefined {
  if (jwt4) return value === 0 ? undefined : seconds(value);
  if (Math.abs(value) >= 2 ** 63) return minTime;
  return Math.trunc(value) === 0 ? undefined : Math.trunc(value);
}

/** Whether a time claim passes; an unset one does. */
function timeFits(claims: Claims, name: string, rules: VersionRules, isValid: (time: number) => boolean): boolean {
  const claim = claims.get(name);
  if (claim === undefined) return true;
  if (claim.kind !== 'number') return !rules.claimTypes;
  const time = timeOf(Number(claim.text), rules);
  return time === undefined || isValid(time);
}

/** Check 7: of several failures, the library reports the last one (map_claims.go, Valid). */
function checkTimes(claims: Claims, now: number, rules: VersionRules): TokenResult | undefined {
  const isCurrent = (time: number): boolean => now < time || (now === time && !rules.jwt4);
  if (!timeFits(claims, 'nbf', rules, (time) => now >= time)) return invalidToken(7, 'Token is not valid yet');
  if (!timeFits(claims, 'iat', rules, (time) => now >= time)) return invalidToken(7, 'Token used before issued');
  if (!timeFits(claims, 'exp', rules, isCurrent)) return invalidToken(7, 'Token is expired');
  return undefined;
}

/** Checks 4 and 5: the method must be HMAC. */
function hmacOf(header: Claims, rules: VersionRules): { hash: HashName; name: string } | TokenResult {
  const alg = header.get('alg');
  if (alg?.kind !== 'string') return invalidToken(4, 'signing method (alg) is unspecified.');
  const name = alg.value;
  const hash = Object.hasOwn(hmacs, name) ? hmacs[name] : undefined;
  if (hash !== undefined) return { hash, name };
  const isKnown = otherMethods.has(name) && (rules.edDsa || name !== 'EdDSA');
  if (!isKnown) return invalidToken(4, 'signing method (alg) is unavailable.');
  return invalidToken(5, `unexpected signing method: ${name}`);
}

export function signSegments(signed: string, hash: HashName, secret: string): string {
  return encodeBase64Url(hmac(hash, secret, signed));
}

/** The bytes of a segment, with padding or without. */
function base64UrlBytes(segment: string): string {
  const decoded = decodePaddedBase64Url(segment.replace(/=+$/, ''));
  return decoded.ok ? decoded.bytes : '';
}

/** Signs a readable token with another secret; undefined if its method is not HMAC. */
export function signWithSecret(token: string, secret: string): string | undefined {
  const [head = '', body = ''] = token.split('.');
  const header = JSON.parse(toText(base64UrlBytes(head))) as { readonly alg?: unknown };
  const hash = Object.entries(hmacs).find(([name]) => name === header.alg)?.[1];
  return hash === undefined ? undefined : `${head}.${body}.${signSegments(`${head}.${body}`, hash, secret)}`;
}

/** Check 6: the signature over header and claims as they were sent. */
function checkSignature(
  signed: string,
  decoded: Base64Result,
  hash: HashName,
  secret: string,
): TokenResult | undefined {
  if (!decoded.ok) return illegalBase64(6, decoded);
  return decoded.bytes === hmac(hash, secret, signed) ? undefined : invalidToken(6, 'signature is invalid');
}

/** Checks 8 and 9 (services/httpd/handler.go, authenticate). */
function checkUser(claims: Claims, algorithm: string): TokenResult {
  const exp = claims.get('exp');
  if (exp?.kind !== 'number' || Number(exp.text) <= 0) {
    return { ok: false, check: 8, message: 'token expiration required' };
  }
  const username = claims.get('username');
  if (username?.kind !== 'string') return { ok: false, check: 9, message: 'username in token must be a string' };
  if (username.value === '') return { ok: false, check: 9, message: 'token must contain a username' };
  return { ok: true, username: username.value, expires: seconds(Number(exp.text)), algorithm };
}

/**
 * Verifies a bearer token as Kapacitor does (services/httpd/handler.go; golang-jwt v4, parser.go), with the daemon's
 * order of checks and messages.
 * @param token binary
 * @param secret `[http] shared-secret`, binary; an empty one is a valid key
 * @param now whole seconds since 1970
 */
export function verifyToken(
  token: string,
  secret: string,
  now: number,
  { rules }: KapacitorVersion = defaultVersion,
): TokenResult {
  const decodeSegment = rules.bearerPadding ? decodeBase64Url : decodePaddedBase64Url;
  const segments = token.split('.');
  const [head, body, signature] = segments;
  if (segments.length !== 3) return invalidToken(1, 'token contains an invalid number of segments');

  const headerBytes = decodeSegment(head!);
  if (!headerBytes.ok) {
    if (/^bearer /i.test(token)) return invalidToken(2, "tokenstring should not contain 'bearer '");
    return illegalBase64(2, headerBytes);
  }
  const headerJson = parseJson(headerBytes.bytes);
  const header = headerJson.ok ? toClaims(headerJson.value, 'map[string]interface {}') : headerJson.error;
  if (typeof header === 'string') return invalidToken(2, header);

  const claimBytes = decodeSegment(body!);
  if (!claimBytes.ok) return illegalBase64(3, claimBytes);
  const claimJson = parseFirstJson(claimBytes.bytes);
  const claims = claimJson.ok ? toClaims(claimJson.value, 'jwt.MapClaims') : claimJson.error;
  if (typeof claims === 'string') return invalidToken(3, claims);

  const method = hmacOf(header, rules);
  if (!('hash' in method)) return method;
  return (
    checkSignature(`${head}.${body}`, decodeSegment(signature!), method.hash, secret) ??
    checkTimes(claims, now, rules) ??
    checkUser(claims, method.name)
  );
}

import { excerpt } from '../model/text.js';

const urlLimit = 300;
const secretParameters = new Set(['password', 'p']);

/** The URL of a request as it may be shown: no passwords, and of one line. */
export function shownUrl(origin: string, path: string): string {
  const [bare = '', query] = path.split('?', 2);
  if (query === undefined) return excerpt(origin + bare, urlLimit);
  const shown = query.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    return secretParameters.has(name) ? `${name}=***` : pair;
  });
  return excerpt(`${origin}${bare}?${shown.join('&')}`, urlLimit);
}

/** A name of a server's or user's making, quoted for a message. */
export function quoted(name: string): string {
  return `"${excerpt(name, 100)}"`;
}

// A longer secret is found by its beginning; what stands after that is dropped.
const needleLimit = 1000;

function forms(secret: string): readonly string[] {
  const text = /\p{Surrogate}/u.test(secret) ? secret : encodeURIComponent(secret);
  return [secret, text, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')];
}

function maskOne(text: string, secret: string): string {
  if (secret.length <= needleLimit) return text.replaceAll(secret, '***');
  const at = text.indexOf(secret.slice(0, needleLimit));
  return at < 0 ? text : `${text.slice(0, at)}***`;
}

/** Replaces each secret, in plain, percent-encoded, JSON and base64 form, by `***`. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  const all = [...new Set(secrets.filter((secret) => secret !== '').flatMap(forms))];
  return all.toSorted((a, b) => b.length - a.length).reduce(maskOne, text);
}

const hashField = /("(?:hash|password)"\s*:\s*")[^"]*/gi;
const hashText = /\$[a-z0-9-]+\$[^"\s]{8,}/gi;

/** What a server sent, short and safe to print: secrets and hashes masked, control characters escaped. */
export function shownBody(body: Uint8Array, secrets: readonly string[], limit = 120): string {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 8192)).toString('utf8');
  const masked = maskSecrets(text, secrets).replace(hashField, '$1***').replace(hashText, '***');
  return excerpt(masked.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''), limit);
}

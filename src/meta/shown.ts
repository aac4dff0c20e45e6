import { excerpt } from '../model/text.js';
import { maskSecrets } from './masked.js';

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

const hashField = /("(?:hash|password)"\s*:\s*")(?:[^"\\]|\\.)*/gis;
const hashText = /\$[a-z0-9-]+\$[^"\s]{8,}/gi;

const window = 8192;

/** What a server sent, short and safe to print: secrets and hashes masked, control characters escaped. */
export function shownBody(body: Uint8Array, secrets: readonly string[], limit = 120): string {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, window)).toString('utf8');
  const masked = maskSecrets(text, secrets, body.byteLength > window)
    .replace(hashField, '$1***')
    .replace(hashText, '***');
  return excerpt(masked.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''), limit);
}

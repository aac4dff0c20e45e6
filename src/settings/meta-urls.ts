import { unencodedCredentials } from '../model/urls.js';
import { Secret } from '../model/secret.js';

/**
 * The URLs of a list with commas or spaces between them. What does not begin as a URL belongs to the one before it: a
 * password may hold a comma.
 */
export function splitUrls(list: string): readonly string[] {
  const inner = list.replace(/^[\s,]+|[\s,]+$/g, '');
  return inner === '' ? [] : inner.split(/[\s,]+(?=[a-z][a-z0-9+.-]*:\/\/)/i);
}

/** The part of a URL before `@`, as it was written. */
export class Userinfo {
  readonly #text: Secret;

  constructor(text: string) {
    this.#text = new Secret(text);
  }

  /** Name and password, percent-decoded. Throws a usage error that names the place of the URL. */
  account(place: string): { username: string; password: Secret | undefined } {
    const text = this.#text.reveal();
    if (/[/?#\\\s]/.test(text)) throw malformedUserinfoError(place);
    const colon = text.indexOf(':');
    const [name, password] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
    try {
      const username = decodeURIComponent(name);
      return { username, password: password === undefined ? undefined : new Secret(decodeURIComponent(password)) };
    } catch {
      throw malformedUserinfoError(place);
    }
  }

  hasPassword(): boolean {
    return this.#text.reveal().includes(':');
  }
}

function malformedUserinfoError(place: string): Error {
  return unencodedCredentials(place, '--meta-username with --meta-password-file');
}

/** A URL without its name and password, and these; it need not be a valid one. */
export function splitUserinfo(text: string): { url: string; userinfo: Userinfo | undefined } {
  const at = text.lastIndexOf('@');
  if (at < 0) return { url: text, userinfo: undefined };
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? '';
  return { url: scheme + text.slice(at + 1), userinfo: new Userinfo(text.slice(scheme.length, at)) };
}

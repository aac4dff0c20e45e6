import type { Configuration } from '../../../kapacitor-config/fields.js';

const accountNames =
  /^(admin|root|administrator|influx(db|d)?|meta|kapacitor|chronograf|telegraf|service|svc|user)([-_.][a-z0-9._-]*)?$/i;

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9._@-]/];

function looksLikePassword(text: string): boolean {
  const kinds = classes.filter((kind) => kind.test(text)).length;
  return text.length >= 8 && (kinds >= 3 || (kinds === 2 && text.length >= 20));
}

/** Whether user name and password of the meta node seem to be exchanged, as far as their characters tell. */
export function looksSwapped({ auth }: Configuration): boolean {
  const name = auth.metaUsername.value;
  return accountNames.test(auth.metaPassword.value.reveal()) && !accountNames.test(name) && looksLikePassword(name);
}

/** An address without the user name and password that may stand before its host. */
export function maskUserinfo(address: string): string {
  return address.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?)[^/]*@/i, '$1***@');
}

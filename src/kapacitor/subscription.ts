import type { AuthUser, Daemon } from './daemon.js';
import { quote } from '../go-compat/strconv.js';
import { isLetter } from '../go-compat/unicode.js';
import { decodeRune, toBinary } from '../go-compat/utf8.js';
import type { Step } from './trace.js';

type Identity = { readonly ok: true; readonly user: AuthUser } | { readonly ok: false; readonly message: string };

/** Kapacitor's `^[-\._\p{L}0-9@]+$` (services/auth/service.go, validUsername); a byte that is not UTF-8 fits nothing. */
export function isUsername(binary: string): boolean {
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    const fits = /[-._0-9@]/.test(String.fromCodePoint(rune.codePoint)) || isLetter(rune.codePoint);
    if (rune.invalid || !fits) return false;
    at += rune.width;
  }
  return binary !== '';
}

/**
 * The user of a subscription token: only one that the user cache holds under `_sub:TOKEN` is known here, since
 * Kapacitor's own store is not (services/auth/service.go, SubscriptionUser). The token is binary.
 */
export function checkSubscription(daemon: Daemon, token: string, now: number, steps: Step[]): Identity {
  const fail = (message: string): Identity => {
    steps.push({ kind: 'subscription', outcome: 'fail', rule: '2.2', message });
    return { ok: false, message };
  };
  if (!isUsername(token)) return fail(`token must be a valid username: ${toBinary(quote(token))}`);
  const cached = daemon.userCache.get(`_sub:${token}`, now);
  if (cached === undefined) return fail('invalid subscription token');
  steps.push({ kind: 'subscription', outcome: 'pass', rule: '2.2', message: undefined });
  return { ok: true, user: cached.value };
}

import type { RuleText } from '../rule.js';

/** Who is let in without being asked. */
export const accessRules = {
  noauth: {
    foundBy: 'config check',
    severity: 'error',
    title: 'Any user name with any password is the admin (noauth)',
    cause:
      '`[http] auth-enabled` is true, but `[auth] enabled` is false or the section is missing. Kapacitor then asks for credentials and checks none of them.',
    evidence: 'The two settings as the daemon reads them, file and environment together.',
    consequence: 'Whoever sends any user name and any password may do everything.',
    mend: 'Set `enabled = true` in `[auth]`, with `bcrypt-cost` and `meta-addr`; or set `auth-enabled = false` if nobody shall be asked.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

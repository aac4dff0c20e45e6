import type { RuleText } from '../rule.js';

/** How long Kapacitor remembers users and passwords, and what a check of a password costs. */
export const cacheRules = {
  'cache-off': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Every request asks the meta node',
    cause: '`[auth] cache-expiration` is left out, empty, zero or negative, so that no user is kept.',
    evidence: '`[auth] cache-expiration` as the daemon reads it.',
    consequence:
      'Each request to Kapacitor waits for the meta node, and while no meta node answers nobody can log in. Passwords are remembered for 1 h all the same.',
    mend: 'Set `cache-expiration = "10m"`.',
  },
  'cache-long': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Users are kept for longer than an hour',
    cause: '`[auth] cache-expiration` is more than 1h.',
    evidence: '`[auth] cache-expiration` as the daemon reads it.',
    consequence:
      'For that long a deleted user still gets in, a revoked permission still counts, and a new one does not.',
    mend: 'Set `cache-expiration = "10m"`; a restart of Kapacitor empties the cache at once.',
  },
  'password-cache-hour': {
    foundBy: 'config check',
    severity: 'note',
    title: 'An old password works for up to an hour, whatever cache-expiration says',
    cause:
      'Kapacitor keeps accepted passwords in a second cache, for a fixed hour. A short `cache-expiration` looks as if it made a change of password count soon.',
    evidence: '`[auth] cache-expiration` is below 5m.',
    consequence: 'After a change the old password is accepted for up to 1 h, unless the new one was used in between.',
    mend: 'Restart Kapacitor after a password has leaked, or log in once with the new one.',
  },
  'bcrypt-cost-high': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'bcrypt-cost is very high',
    cause: 'Each step doubles the time. The daemon starts with any cost from 4 on, but bcrypt ends at 31.',
    evidence: '`[auth] bcrypt-cost` as the daemon reads it.',
    consequence:
      'The first login of an LDAP user takes seconds of a whole processor; above 31 every login of an LDAP user ends in 401.',
    mend: 'Set `bcrypt-cost = 10`.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

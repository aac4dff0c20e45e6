import type { FindingRuleText } from '../rule.js';

/** Who is let in without being asked, and who can read along. */
export const accessRules = {
  noauth: {
    foundBy: 'config check',
    severity: 'error',
    title: 'Any user name with any password is the admin (noauth)',
    cause:
      '`[http] auth-enabled` is true, but `[auth] enabled` is false or its section is missing. Kapacitor then asks for credentials and checks none of them.',
    evidence: 'Both settings as the daemon reads them, file and environment together.',
    consequence: 'Whoever sends any user name and any password may do everything.',
    fix: 'Set `enabled = true` in `[auth]`, with `bcrypt-cost` and `meta-addr`.',
  },
  'http-auth-off': {
    foundBy: 'config check',
    severity: 'error',
    title: 'Nobody is asked for credentials, although [auth] is enabled',
    cause:
      '`[auth] enabled` is true, but `[http] auth-enabled` is false or left out. The first chooses who is asked for users, only the second makes Kapacitor ask at all.',
    evidence: 'Both settings as the daemon reads them, file and environment together.',
    consequence: "Every request is the admin's: whoever reaches the port may do everything.",
    fix: 'Set `auth-enabled = true` in `[http]`.',
  },
  'authentication-off': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Authentication is off',
    cause: 'Neither `[http] auth-enabled` nor `[auth] enabled` is true. This is the default of Kapacitor.',
    evidence: 'Both settings as the daemon reads them, file and environment together.',
    consequence: "Every request is the admin's: whoever reaches the port may do everything.",
    fix: 'Set `auth-enabled = true` in `[http]` and fill `[auth]`; `kapadmin config init` prints both sections.',
  },
  'shared-secret-empty': {
    foundBy: 'config check',
    severity: 'error',
    title: 'Anyone can sign a token for any user: shared-secret is empty',
    cause:
      'Kapacitor verifies bearer tokens with `[http] shared-secret`, and its default is empty. It accepts a token that is signed with the empty key.',
    evidence: '`[http] shared-secret` as the daemon reads it, while authentication is on.',
    consequence: 'Anyone can sign a token for any user and is that user, without a password.',
    fix: 'Set `shared-secret` in `[http]` to a long random text; `kapadmin config fix` makes one.',
  },
  'shared-secret-short': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'shared-secret is short enough to be guessed',
    cause:
      'Whoever has seen one token can try secrets against its signature on a machine of their own. Below 32 bytes the secret is weaker than the signature (RFC 7518, 3.2).',
    evidence: 'The number of bytes of `[http] shared-secret`; the secret itself is not shown.',
    consequence: 'Once the secret is guessed, anyone can sign a token for any user.',
    fix: 'Set a random text of 32 bytes or more, for Kapacitor and for all who sign tokens.',
  },
  'pprof-open': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'The pages of pprof are open to everybody',
    cause: '`[http] pprof-enabled` is true. These pages are served before any authentication.',
    evidence: '`[http] pprof-enabled` as the daemon reads it.',
    consequence:
      'Without a password anyone can read `/kapacitor/v1/debug/vars`, the command line and memory profiles, and can make the daemon record CPU profiles.',
    fix: 'Set `pprof-enabled = false` when you are not looking for a fault.',
  },
  'https-off': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Passwords travel to Kapacitor in clear text',
    cause: '`[http] https-enabled` is false, and `bind-address` listens beyond this machine.',
    evidence: '`[http] https-enabled` and `bind-address` as the daemon reads them, while authentication is on.',
    consequence: 'Whoever can read along in the network reads the user names and passwords.',
    fix: 'Set `https-enabled = true` with `https-certificate`; or let a proxy speak TLS and set `bind-address = "127.0.0.1:9092"`.',
  },
  'own-store': {
    foundBy: 'config check',
    severity: 'info',
    title: "Users come from Kapacitor's own store, not from the cluster",
    cause: '`[auth] enabled` is true and `meta-addr` is empty.',
    evidence: '`[auth] enabled` and `meta-addr` as the daemon reads them.',
    consequence: 'No user of InfluxDB Enterprise can log in; the meta API is never asked.',
    fix: 'Set `meta-addr = "HOST:8091"` in `[auth]`, if the users of the cluster are meant.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

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
    fix: 'Set `cache-expiration = "10m"`.',
  },
  'cache-long': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Users are kept for longer than an hour',
    cause: '`[auth] cache-expiration` is more than 1h.',
    evidence: '`[auth] cache-expiration` as the daemon reads it.',
    consequence:
      'For that long a deleted user still gets in, a revoked permission still counts, and a new one does not.',
    fix: 'Set `cache-expiration = "10m"`; a restart of Kapacitor empties the cache at once.',
  },
  'password-cache-hour': {
    foundBy: 'config check',
    severity: 'info',
    title: 'An old password works for up to an hour, whatever cache-expiration says',
    cause:
      'Kapacitor keeps accepted passwords in a second cache, for a fixed hour. A short `cache-expiration` looks as if it made a change of password count soon.',
    evidence: '`[auth] cache-expiration` is below 5m.',
    consequence: 'After a change the old password is accepted for up to 1 h, unless the new one was used in between.',
    fix: 'Restart Kapacitor after a password has leaked, or log in once with the new one.',
  },
  'bcrypt-cost-high': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'bcrypt-cost is very high',
    cause: 'Each step doubles the time. The daemon starts with any cost from 4 on, but bcrypt ends at 31.',
    evidence: '`[auth] bcrypt-cost` as the daemon reads it.',
    consequence:
      'The first login of an LDAP user takes seconds of a whole processor; above 31 every login of an LDAP user ends in 401.',
    fix: 'Set `bcrypt-cost = 10`.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

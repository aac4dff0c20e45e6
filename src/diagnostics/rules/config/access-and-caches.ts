/** Anonymous access, and eavesdropping. */
export const accessRules = {
  noauth: {
    foundBy: 'config check',
    severity: 'error',
    isSecurity: true,
    title: 'Any user name with any password is an administrator (noauth)',
    cause:
      '`[http] auth-enabled` is true, but `[auth] enabled` is false or the section is missing. Kapacitor then requires credentials, but checks none of them.',
    evidence: 'Both settings as the daemon reads them from the file and the environment.',
    consequence: 'Anyone who sends any user name and password has full access.',
    fix: 'Set `enabled = true` in `[auth]`, with `bcrypt-cost` and `meta-addr`.',
  },
  'http-auth-off': {
    foundBy: 'config check',
    severity: 'error',
    isSecurity: true,
    title: 'No credentials are required, although [auth] is enabled',
    cause:
      '`[auth] enabled` is true, but `[http] auth-enabled` is false or not set. `[auth]` selects where users are looked up; only `[http] auth-enabled` makes Kapacitor require credentials.',
    evidence: 'Both settings as the daemon reads them from the file and the environment.',
    consequence: 'Every request runs as administrator: anyone who can reach the port has full access.',
    fix: 'Set `auth-enabled = true` in `[http]`.',
  },
  'authentication-off': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'Authentication is off',
    cause: "Neither `[http] auth-enabled` nor `[auth] enabled` is true. This is Kapacitor's default.",
    evidence: 'Both settings as the daemon reads them from the file and the environment.',
    consequence: 'Every request runs as administrator: anyone who can reach the port has full access.',
    fix: 'Set `auth-enabled = true` in `[http]` and configure `[auth]`; `kapadmin config init` prints both sections.',
  },
  'shared-secret-empty': {
    foundBy: 'config check',
    severity: 'error',
    isSecurity: true,
    title: 'shared-secret is empty: anyone can sign a token for any user',
    cause:
      'Kapacitor verifies bearer tokens with `[http] shared-secret`, which is empty by default, and accepts a token that is signed with the empty key.',
    evidence: '`[http] shared-secret` as the daemon reads it, with authentication on.',
    consequence: 'Anyone can sign a token for any user and log in as that user without a password.',
    fix: 'Set `shared-secret` in `[http]` to a long random string; `kapadmin config fix` generates one.',
  },
  'shared-secret-short': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'shared-secret is short enough to guess',
    cause:
      'Anyone who has seen one token can test guesses against its signature offline. Below 32 bytes the secret is weaker than the signature (RFC 7518, section 3.2).',
    evidence: 'The length of `[http] shared-secret`; the secret itself is not shown.',
    consequence: 'Once the secret is guessed, anyone can sign a token for any user.',
    fix: 'Set a random string of 32 bytes or more, in Kapacitor and wherever tokens are signed.',
  },
  'pprof-open': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'The pprof pages require no credentials',
    cause: '`[http] pprof-enabled` is true. These pages are served before authentication.',
    evidence: '`[http] pprof-enabled` as the daemon reads it.',
    consequence:
      'Without a password anyone can read `/kapacitor/v1/debug/vars`, the command line and memory profiles, and can start CPU profiles.',
    fix: 'Set `pprof-enabled = false` when you are not debugging.',
  },
  'https-off': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'Passwords are sent to Kapacitor in clear text',
    cause: '`[http] https-enabled` is false, and `bind-address` accepts connections from other machines.',
    evidence: '`[http] https-enabled` and `bind-address` as the daemon reads them, with authentication on.',
    consequence: 'Anyone on the network path can read user names and passwords.',
    fix: 'Set `https-enabled = true` with `https-certificate`, or put a TLS proxy in front and set `bind-address = "127.0.0.1:9092"`.',
  },
  'own-store': {
    foundBy: 'config check',
    severity: 'info',
    title: "Users come from Kapacitor's own store, not from the cluster",
    cause: '`[auth] enabled` is true and `meta-addr` is empty.',
    evidence: '`[auth] enabled` and `meta-addr` as the daemon reads them.',
    consequence: 'No user of InfluxDB Enterprise can log in; Kapacitor never asks the meta API.',
    fix: 'To use the users of the cluster, set `meta-addr = "HOST:8091"` in `[auth]`.',
  },
} as const;

/** How long Kapacitor remembers users and passwords, and what a check of a password costs. */
export const cacheRules = {
  'cache-off': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Users are not cached: every request asks the meta node',
    cause: '`[auth] cache-expiration` is not set, empty, zero or negative.',
    evidence: '`[auth] cache-expiration` as the daemon reads it.',
    consequence:
      'Each request to Kapacitor waits for the meta node, and nobody can log in while no meta node responds. Accepted passwords are still cached for 1 h.',
    fix: 'Set `cache-expiration = "10m"`.',
  },
  'cache-long': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'Users are cached for more than an hour',
    cause: '`[auth] cache-expiration` is more than 1h.',
    evidence: '`[auth] cache-expiration` as the daemon reads it.',
    consequence:
      'Until the cached entry expires, a deleted user can still log in, a revoked permission still counts, and a new one does not.',
    fix: 'Set `cache-expiration = "10m"`. Restarting Kapacitor empties the cache at once.',
  },
  'password-cache-hour': {
    foundBy: 'config check',
    severity: 'info',
    isSecurity: true,
    title: 'An old password may work for an hour or more, whatever cache-expiration is',
    cause:
      'Kapacitor caches accepted passwords separately, for a fixed hour. A short `cache-expiration` does not make a password change take effect sooner.',
    evidence: '`[auth] cache-expiration` is below 5m.',
    consequence:
      'After a change, the old password may be accepted for up to 1 h plus `cache-expiration`, or until the new one is first accepted.',
    fix: 'After a password leak, restart Kapacitor, or log in with the new password until it is accepted.',
  },
  'bcrypt-cost-high': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'bcrypt-cost is very high',
    cause: 'Each step doubles the time. The daemon starts with any cost of 4 or more, but bcrypt supports at most 31.',
    evidence: '`[auth] bcrypt-cost` as the daemon reads it.',
    consequence:
      'The first login of an LDAP user takes seconds of CPU time; above 31 every login of an LDAP user fails with 401.',
    fix: 'Set `bcrypt-cost = 10`.',
  },
} as const;

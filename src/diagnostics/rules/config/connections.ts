import type { FindingRuleText } from '../rule.js';

/** The meta node that Kapacitor asks, and the account it asks with. */
export const metaRules = {
  'meta-addr-form': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-addr is not HOST:PORT',
    cause:
      'It has a space, a scheme, a path, two ports, several nodes, or no port. The official documentation shows `" 172.17.0.2:8091:8091"`, with a leading space and the port twice.',
    evidence: '`[auth] meta-addr` as the daemon reads it.',
    consequence: 'No request reaches the meta node: every login waits 10 s and fails with 401.',
    fix: 'Set it to the host and port of one meta node: `meta-addr = "meta1:8091"`.',
  },
  'meta-addr-port': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-addr has the port of another service',
    cause:
      'Data nodes listen on 8086 and 8088, meta nodes talk to each other on 8089, and Kapacitor listens on 9092. The meta API is on 8091.',
    evidence: '`[auth] meta-addr` as the daemon reads it.',
    consequence: 'That port does not serve the meta API: every login waits 10 s and fails with 401.',
    fix: 'Use the HTTP port of the meta nodes, normally 8091.',
  },
  'meta-both-credentials': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Both a secret and a user name are set for the meta node: the secret wins',
    cause: '`meta-internal-shared-secret` and `meta-username` are both set.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'The user name and password are never sent. If the secret is not the one of the meta nodes, every login fails with 401.',
    fix: 'Remove the one that you do not want to use.',
  },
  'meta-password-alone': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-password is set without meta-username',
    cause: '`meta-password` is set, but `meta-username` is not.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'No credentials are sent. A meta node that requires them rejects the request, and every login fails with 401.',
    fix: 'Set `meta-username`.',
  },
  'meta-no-account': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Kapacitor has no account on the meta node',
    cause: 'Neither `meta-username` nor `meta-internal-shared-secret` is set.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'This works only while the meta nodes let anyone read users and password hashes. Once they require credentials, every login fails with 401.',
    fix: 'Create an account for Kapacitor and set `meta-username` and `meta-password`; `kapadmin config init` prints the commands.',
  },
  'meta-password-empty': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: "The password of Kapacitor's account is empty",
    cause: '`meta-username` is set, `meta-password` is not. Kapacitor sends the name with an empty password.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence: 'The meta node rejects the account, and every login fails with 401.',
    fix: 'Set `meta-password` in the file, or the variable KAPACITOR_AUTH_META_PASSWORD.',
  },
  'meta-swapped': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-username and meta-password look swapped',
    cause: '`meta-username` looks like a password, and `meta-password` looks like an account name.',
    evidence: 'The characters of both values; neither is shown.',
    consequence:
      'The meta node rejects the account, and every login fails with 401. The password may also appear in logs, where user names are written.',
    fix: 'Swap the two values.',
  },
  'meta-username-colon': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-username contains a colon',
    cause: 'With Basic authentication the user name ends at the first colon.',
    evidence: '`[auth] meta-username` as the daemon reads it.',
    consequence: 'The meta node receives another name and another password, and every login fails with 401.',
    fix: 'Use an account whose name has no colon.',
  },
  'meta-secret-short': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'meta-internal-shared-secret is short enough to guess',
    cause: "Anyone who has seen one of Kapacitor's tokens can test guesses against its signature offline.",
    evidence: 'The length of `[auth] meta-internal-shared-secret`; the secret itself is not shown.',
    consequence: 'Once the secret is guessed, anyone has full access to the meta nodes.',
    fix: 'Set a random string of 32 bytes or more, as `internal-shared-secret` on all meta nodes and as `meta-internal-shared-secret` here.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

/** Certificates, keys, and where TLS is left out. */
export const tlsRules = {
  'tls-file-unreadable': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'A certificate or key file does not exist here or cannot be read by this account',
    cause:
      'The path is wrong, or the file permissions deny access. `meta-ca`, `meta-cert` and `meta-key` are read even if `meta-use-tls` is false.',
    evidence: 'The file was opened on this machine by the user who ran the command; the daemon may be another user.',
    consequence: 'If the daemon cannot read the file either, it does not start. The contents were not checked.',
    fix: "Run the check on the daemon's machine as its user. If the result is the same, correct the path or give that user read access.",
  },
  'tls-pair-half': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A client certificate is set without its key, or a key without its certificate',
    cause: 'Only one of `meta-cert` and `meta-key` is set.',
    evidence: '`[auth] meta-cert` and `meta-key` as the daemon reads them.',
    consequence: 'The daemon does not start.',
    fix: 'Set both or neither.',
  },
  'tls-pair-mismatch': {
    foundBy: 'config check',
    severity: 'error',
    title: 'Certificate and key do not match, or are not valid',
    cause: 'The key belongs to another certificate, the two files were swapped, or a file is not PEM.',
    evidence: 'Both files were read as the daemon reads them, and the key was tested against the certificate.',
    consequence: 'The daemon does not start.',
    fix: 'Use the key that belongs to the certificate.',
  },
  'tls-ca-empty': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-ca contains no certificate',
    cause: 'The file is empty, not PEM, or contains a key. The daemon starts anyway.',
    evidence: 'The contents of the file in `[auth] meta-ca`.',
    consequence: 'Kapacitor trusts no meta node: every login waits 10 s and fails with 401.',
    fix: 'Use the PEM file with the certificate of the CA that signed the certificates of the meta nodes.',
  },
  'tls-not-ca': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-ca contains a certificate that is not a CA',
    cause: 'It is the certificate of a server, or an old one that is not marked as a CA.',
    evidence: 'The basic constraints of the certificates in the file of `[auth] meta-ca`.',
    consequence:
      'It makes Kapacitor trust that one certificate: a meta node with another one is not trusted, and logins fail with 401.',
    fix: 'Use the certificate of the CA that signed the certificates of all meta nodes.',
  },
  'tls-expired': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A certificate is expired or not yet valid',
    cause: 'It was not renewed, or its validity has not started.',
    evidence: 'The dates in the certificate and the clock of this machine.',
    consequence: 'TLS connections with it fail; for the meta node, every login waits 10 s and fails with 401.',
    fix: 'Renew the certificate and restart Kapacitor.',
  },
  'tls-expires-soon': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'A certificate expires within 30 days',
    cause: 'It has not been renewed yet.',
    evidence: 'The dates in the certificate and the clock of this machine.',
    consequence: 'After that day TLS connections with it fail.',
    fix: 'Renew the certificate and restart Kapacitor.',
  },
  'meta-tls-unused': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'TLS for the meta node is configured but not used',
    cause: '`meta-ca`, `meta-cert`, `meta-key` or `meta-insecure-skip-verify` is set, but `meta-use-tls` is false.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'Kapacitor uses plain HTTP: its account is sent in clear text, and a meta node that requires TLS rejects the request, so every login fails with 401.',
    fix: 'Set `meta-use-tls = true`, or remove the other settings.',
  },
  'meta-tls-off': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: "Kapacitor's account is sent to the meta node in clear text",
    cause: '`meta-use-tls` is false, and `meta-addr` is another machine.',
    evidence: '`[auth] meta-use-tls` and `meta-addr` as the daemon reads them.',
    consequence:
      "Anyone on the network path can read the password of Kapacitor's own account and the password hashes of all users.",
    fix: 'Enable TLS on the meta nodes, then set `meta-use-tls = true` and `meta-ca`.',
  },
  'meta-insecure': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'The certificate of the meta node is not verified',
    cause:
      '`meta-insecure-skip-verify` is true. Kapacitor then also ignores `meta-ca` and the client certificate in `meta-cert`.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence: "Anyone on the network path can pose as the meta node and receive Kapacitor's password.",
    fix: 'Set `meta-insecure-skip-verify = false` and name the CA in `meta-ca`.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

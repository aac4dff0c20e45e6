import type { FindingRuleText } from '../rule.js';

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

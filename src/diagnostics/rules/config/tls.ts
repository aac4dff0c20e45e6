import type { FindingRuleText } from '../rule.js';

/** Certificates, keys, and where TLS is left out. */
export const tlsRules = {
  'tls-file-unreadable': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'A certificate or key file is not on this machine or cannot be read by this account',
    cause:
      'The path is wrong, or the rights of the file do not let the reader in. `meta-ca`, `meta-cert` and `meta-key` are read even when `meta-use-tls` is false.',
    evidence: 'The file was opened here, by the user who ran the command; the daemon may be another one.',
    consequence: 'If the daemon cannot read it either, it does not start. What is in the file was not checked.',
    fix: "Run the check on the daemon's machine as its user. If it says the same there, correct the path or let that user read the file.",
  },
  'tls-pair-half': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A client certificate without its key, or a key without its certificate',
    cause: 'Only one of `meta-cert` and `meta-key` is set.',
    evidence: '`[auth] meta-cert` and `meta-key` as the daemon reads them.',
    consequence: 'The daemon does not start.',
    fix: 'Set both, or none.',
  },
  'tls-pair-mismatch': {
    foundBy: 'config check',
    severity: 'error',
    title: 'Certificate and key do not belong together, or are none',
    cause: 'The key was made for another certificate, the two files were mixed up, or a file is not PEM.',
    evidence: 'Both files were read as the daemon reads them, and the key was tried on the certificate.',
    consequence: 'The daemon does not start.',
    fix: 'Name the key that the certificate was made with.',
  },
  'tls-ca-empty': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-ca holds no certificate',
    cause: 'The file is empty, not PEM, or holds a key. The daemon starts all the same.',
    evidence: 'The file of `[auth] meta-ca` was read.',
    consequence: 'Kapacitor trusts no meta node: every login waits 10 s and ends in 401.',
    fix: 'Name the PEM file with the certificate of the CA that signed the meta nodes.',
  },
  'tls-not-ca': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-ca holds a certificate that is no CA',
    cause: 'The certificate of a server was given, or an old one without the mark of a CA.',
    evidence: 'The basic constraints of the certificates in the file of `[auth] meta-ca`.',
    consequence:
      'It vouches for itself alone: a meta node with any other certificate is not trusted, and logins end in 401.',
    fix: 'Name the certificate of the CA that signed all meta nodes.',
  },
  'tls-expired': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A certificate is not valid now',
    cause: 'Its time is over, or has not begun.',
    evidence: 'The dates in the certificate and the clock of this machine.',
    consequence:
      'TLS connections with it fail; for the meta node this means that every login waits 10 s and ends in 401.',
    fix: 'Renew the certificate and restart Kapacitor.',
  },
  'tls-expires-soon': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'A certificate expires within 30 days',
    cause: 'It was not renewed yet.',
    evidence: 'The dates in the certificate and the clock of this machine.',
    consequence: 'From that day on TLS connections with it fail.',
    fix: 'Renew the certificate and restart Kapacitor.',
  },
  'meta-tls-unused': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'TLS for the meta node is set up, but not used',
    cause: '`meta-ca`, `meta-cert`, `meta-key` or `meta-insecure-skip-verify` is set, but `meta-use-tls` is false.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'Kapacitor speaks plain HTTP with the meta node: its account travels in clear text, and a node that wants TLS refuses it, so that every login ends in 401.',
    fix: 'Set `meta-use-tls = true`, or take the other settings away.',
  },
  'meta-tls-off': {
    foundBy: 'config check',
    severity: 'warning',
    title: "Kapacitor's account travels to the meta node in clear text",
    cause: '`meta-use-tls` is false, and `meta-addr` is another machine.',
    evidence: '`[auth] meta-use-tls` and `meta-addr` as the daemon reads them.',
    consequence:
      "Whoever can read along in the network reads the password of Kapacitor's own account and the hashes of all users.",
    fix: 'Turn TLS on at the meta nodes, then set `meta-use-tls = true` and `meta-ca`.',
  },
  'meta-insecure': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'The certificate of the meta node is not verified',
    cause: '`meta-insecure-skip-verify` is true. It also drops `meta-ca` and the client certificate of `meta-cert`.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      "Anyone who gets between the two machines can answer as the meta node, and is told Kapacitor's password.",
    fix: 'Set `meta-insecure-skip-verify = false` and name the CA in `meta-ca`.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

import type { RuleText } from '../../rule.js';

/** The certificates that meta nodes and Kapacitor show. */
export const certificateRules = {
  'certificate-untrusted': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A server’s certificate is signed by nobody who is trusted here',
    cause:
      'Its CA is a private one that was not named, the chain that the server sends has a gap, or it signed itself.',
    evidence: 'The chain that the server shows, tried on --meta-ca or on the authorities of the system.',
    consequence: 'No connection is made. A Kapacitor without the CA in `meta-ca` lets nobody in.',
    mend: 'Name the CA: `--meta-ca FILE` here; for a meta node `meta-ca` in kapacitor.conf as well. The certificate of Kapacitor itself has nothing to do with `meta-ca`.',
  },
  'certificate-name': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A server’s certificate is made out to another name',
    cause: 'The server is reached by a name or address that is not among the alternative names of its certificate.',
    evidence: 'The names in the certificate, and the host in the URL.',
    consequence: 'No connection is made under this name, by kapadmin, Kapacitor or Chronograf.',
    mend: 'Use one of the names in the certificate, or have one made with the name that is used.',
  },
  'certificate-expired': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A server’s certificate is not valid now',
    cause: 'Its time, or that of a CA in its chain, is over or has not begun; or the clock here is wrong.',
    evidence: 'The dates in the chain that the server shows, and the clock of this machine.',
    consequence: 'No connection is made: every login at a Kapacitor that asks this node waits 10 s and ends in 401.',
    mend: 'Renew the certificate and restart the server.',
  },
  'certificate-expires': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A server’s certificate expires within 14 days',
    cause: 'It was not renewed yet.',
    evidence: 'The dates in the chain that the server shows.',
    consequence: 'From that day on no connection is made.',
    mend: 'Renew the certificate and restart the server.',
  },
  'certificate-unverified': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'Certificates are not verified by this connection',
    cause: '--meta-insecure-skip-verify is given, as flag, variable or in the profile.',
    evidence: 'The settings of the connection.',
    consequence: 'Anyone who gets between can answer as the meta node, and is told the password of the account in use.',
    mend: 'Name the CA with --meta-ca instead.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

import { excerpt } from '../../../model/text.js';
import { finding, type Finding, type Fix } from '../../finding.js';
import { type CertificateFacts, type DoctorCheck, type DoctorFacts, nodeHostAndPort, nodeLocation } from '../facts.js';

const day = 24 * 3600 * 1000;
const expiryWarningMs = 14 * day;

function date(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const tlsCodes = new Set(['tls-failed', 'self-signed']);

/** Whether the certificate alone explains why no connection came about. */
export function explainsFailure(certificate: CertificateFacts | undefined, code: string, now: number): boolean {
  if (certificate === undefined || !tlsCodes.has(code)) return false;
  const { untrusted, fits, chain } = certificate;
  return untrusted !== undefined || !fits || chain.some(({ from, to }) => now < from || now > to);
}

interface PresentedCertificate {
  readonly url: string;
  /** It is Kapacitor's own listener, not a meta node. */
  readonly isKapacitor: boolean;
  readonly certificate: CertificateFacts;
}

const renew: Fix = { what: 'Fix', setting: 'renew the certificate and restart the server' };

function validityFindings({ url, certificate }: PresentedCertificate, now: number): readonly Finding[] {
  const place = nodeLocation(url);
  return certificate.chain.flatMap(({ subject, from, to }): Finding[] => {
    const name = excerpt(subject, 100);
    if (now > to) return [finding('certificate-expired', `${name} expired on ${date(to)}.`, { place, fixes: [renew] })];
    if (now < from)
      return [finding('certificate-expired', `${name} is not valid before ${date(from)}.`, { place, fixes: [renew] })];
    if (to - now > expiryWarningMs) return [];
    return [finding('certificate-expires', `${name} expires on ${date(to)}.`, { place, fixes: [renew] })];
  });
}

function nameFindings({ url, certificate }: PresentedCertificate): readonly Finding[] {
  if (certificate.fits) return [];
  const { names, subject } = certificate;
  const nameList = names.length === 0 ? 'no names' : names.map((name) => excerpt(name, 60)).join(', ');
  const fact = `The certificate of ${excerpt(subject, 100)} is for ${nameList}; the server was reached as ${nodeHostAndPort(url)}.`;
  const name = names.find((one) => !one.includes('*'));
  const fix = {
    what: 'To use a name in the certificate',
    setting: url.replace(nodeHostAndPort(url), withPortOf(url, name)),
  };
  return [finding('certificate-name', fact, { place: nodeLocation(url), fixes: name === undefined ? [] : [fix] })];
}

function withPortOf(url: string, name = ''): string {
  const port = /:\d+$/.exec(url)?.[0] ?? '';
  return `${name.includes(':') ? `[${name}]` : name}${port}`;
}

const clientsOfKapacitor =
  'Clients that do not trust it cannot connect to Kapacitor: InfluxDB subscriptions ([subscriber] ca-certs or insecure-skip-verify in influxdb.conf), Chronograf (unsafe SSL), the kapacitor program (-skipVerify, KAPACITOR_UNSAFE_SSL).';

function trustFindings(
  { url, certificate, isKapacitor }: PresentedCertificate,
  ca: string | undefined,
): readonly Finding[] {
  const { untrusted, issuer } = certificate;
  if (untrusted === undefined) return [];
  const tried = ca === undefined ? 'the CAs of this system' : `--meta-ca ${ca}`;
  const fact = `Issued by ${excerpt(issuer, 100)}, which is not trusted by ${tried} (${excerpt(untrusted, 100)}).`;
  const place = nodeLocation(url);
  if (isKapacitor) {
    const fixes = [
      { what: 'To trust it here, with its CA and that of the meta nodes in one file', setting: '--meta-ca FILE' },
      { what: 'For auth test --live', setting: '--live-ca FILE' },
    ];
    return [finding('certificate-untrusted', fact, { place, fixes, consequence: clientsOfKapacitor })];
  }
  const fixes = [
    { what: 'To trust its CA here', setting: '--meta-ca FILE' },
    { what: 'And in [auth] of kapacitor.conf', setting: 'meta-ca = "FILE"' },
  ];
  return [finding('certificate-untrusted', fact, { place, fixes })];
}

function presentedCertificates({ nodes, kapacitor }: DoctorFacts): readonly PresentedCertificate[] {
  const all = [
    ...nodes.map((node) => ({ node, isKapacitor: false })),
    ...(kapacitor === undefined ? [] : [{ node: kapacitor, isKapacitor: true }]),
  ];
  return all.flatMap(({ node: { url, certificate }, isKapacitor }) =>
    certificate === undefined ? [] : [{ url, certificate, isKapacitor }],
  );
}

export const certificateCheck: DoctorCheck = {
  what: 'certificates',
  ids: [
    'certificate-untrusted',
    'certificate-name',
    'certificate-expired',
    'certificate-expires',
    'certificate-unverified',
  ],
  run(facts) {
    const { at: now, ca, verifies } = facts;
    const presented = presentedCertificates(facts);
    const secured = [...facts.nodes, ...(facts.kapacitor === undefined ? [] : [facts.kapacitor])].filter(({ url }) =>
      url.startsWith('https:'),
    );
    const fixes = [{ what: 'To verify them', setting: '--meta-ca FILE instead of --meta-insecure-skip-verify' }];
    const unverified =
      verifies || secured.length === 0
        ? []
        : [finding('certificate-unverified', 'Verification is turned off.', { fixes })];
    const findings = [
      ...presented.flatMap((one) => [...trustFindings(one, ca), ...nameFindings(one), ...validityFindings(one, now)]),
      ...unverified,
    ];
    const behind = facts.nodes.filter(({ proxy }) => proxy !== undefined);
    const open =
      behind.length === 0
        ? []
        : [{ ids: certificateCheck.ids.slice(0, 4), why: 'a proxy hides the certificates of the nodes' }];
    const first = Math.min(...presented.flatMap(({ certificate }) => certificate.chain.map(({ to }) => to)));
    const isOk = findings.length === 0 && presented.length > 0;
    const okText = isOk
      ? `certificates are trusted and match their host names; the first expires on ${date(first)}`
      : undefined;
    return { findings, ok: okText, unknown: open };
  },
};

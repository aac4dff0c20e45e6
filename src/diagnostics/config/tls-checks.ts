import {
  checkListen,
  checkStart,
  httpsFiles,
  metaTlsFiles,
  type StartCheck,
} from '../../kapacitor-config/tls-files.js';
import { configFields, type Configuration } from '../../kapacitor-config/fields.js';
import { finding, type Finding, type Severity } from '../finding.js';
import {
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  type ConfigSettingName,
  describeSetting,
  settingLocation,
  usesMetaNode,
} from './facts.js';
import { exposedFileFindings } from './secret-checks.js';
import { parseCertificate, pemBlocks } from '../../go-compat/tls.js';
import { addressFault, addressHost, isLoopback } from '../../model/urls.js';
import { placeholderLiterals, setFixes } from './fixes.js';

const day = 24 * 3600 * 1000;
const expiryWarningMs = 30 * day;

type PathName = Extract<
  ConfigSettingName[1],
  'metaCa' | 'metaCert' | 'metaKey' | 'httpsCertificate' | 'httpsPrivateKey'
>;

const cert = ['auth', 'metaCert'] as const;
const key = ['auth', 'metaKey'] as const;
const ca = ['auth', 'metaCa'] as const;
const httpsCert = ['http', 'httpsCertificate'] as const;
const httpsKey = ['http', 'httpsPrivateKey'] as const;

function pathOf({ http, auth }: Configuration, name: PathName): string {
  return name === 'httpsCertificate' || name === 'httpsPrivateKey' ? http[name].value : auth[name].value;
}

/** The files that the configuration names, whether the daemon opens them or not. */
export function tlsFilePaths({ http, auth }: Configuration): readonly string[] {
  const paths = [auth.metaCa, auth.metaCert, auth.metaKey, http.httpsCertificate, http.httpsPrivateKey];
  return [...new Set(paths.map(({ value }) => value).filter((path) => path !== ''))];
}

/** The settings whose files the daemon opens. */
function openedFiles({ configuration }: ConfigFacts): readonly ConfigSettingName[] {
  const opened = new Set([...metaTlsFiles(configuration), ...httpsFiles(configuration)]);
  const meta = configuration.auth.enabled.value ? [cert, key, ca] : [];
  const https = configuration.http.httpsEnabled.value ? [httpsCert, httpsKey] : [];
  return [...meta, ...https].filter(([, name]) => opened.has(pathOf(configuration, name)));
}

function unreadableFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  return openedFiles(facts).flatMap((name): ConfigFinding[] => {
    const path = pathOf(facts.configuration, name[1] as PathName);
    const file = facts.tlsFiles.get(path) ?? { error: 'no such file or directory' };
    if (!('error' in file)) return [];
    const fact = `${describeSetting(facts, name)}: ${file.error}.`;
    return [{ finding: finding('tls-file-unreadable', fact, { place: settingLocation(facts, name) }) }];
  });
}

function isReadable({ configuration, tlsFiles }: ConfigFacts, name: PathName): boolean {
  const file = tlsFiles.get(pathOf(configuration, name));
  return file !== undefined && 'content' in file;
}

function mismatchFindings(
  facts: ConfigFacts,
  check: StartCheck,
  names: readonly ConfigSettingName[],
): readonly ConfigFinding[] {
  const readable = names.every(([, name]) => isReadable(facts, name as PathName));
  const [first] = names;
  if (check.starts || first === undefined || !readable) return [];
  const fact = `${names.map((name) => describeSetting(facts, name)).join(', ')}. The daemon says: ${check.message}`;
  return [{ finding: finding('tls-pair-mismatch', fact, { place: settingLocation(facts, first) }) }];
}

function pairFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { configuration, tlsFiles } = facts;
  const { auth, http } = configuration;
  const [hasCert, hasKey] = [auth.metaCert.value !== '', auth.metaKey.value !== ''];
  const start = checkStart({ http, auth: { ...auth, metaCa: { ...auth.metaCa, value: '' } } }, tlsFiles);
  if (hasCert !== hasKey && !start.starts) {
    const fact = `${describeSetting(facts, cert)}, ${describeSetting(facts, key)}. The daemon says: ${start.message}`;
    const place = settingLocation(facts, hasCert ? cert : key);
    return [{ finding: finding('tls-pair-half', fact, { place }) }, ...httpsPairFindings(facts)];
  }
  return [...mismatchFindings(facts, start, [cert, key]), ...httpsPairFindings(facts)];
}

function httpsPairFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const names = facts.configuration.http.httpsPrivateKey.value === '' ? [httpsCert] : [httpsCert, httpsKey];
  return mismatchFindings(facts, checkListen(facts.configuration, facts.tlsFiles), names);
}

function showDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function isValid({ from, to }: CertificateFact, now: number): boolean {
  return from <= now && now <= to;
}

/** Beside another CA that is valid, an old one need not matter. */
function severityOf(all: readonly CertificateFact[], now: number): Severity {
  return all.some((one) => isValid(one, now)) ? 'warning' : 'error';
}

function validityFindings(
  facts: ConfigFacts,
  name: ConfigSettingName,
  one: CertificateFact,
  severity: Severity,
): readonly Finding[] {
  const { now } = facts.input;
  const which = `${describeSetting(facts, name)}: the certificate of ${one.subject}`;
  const place = settingLocation(facts, name);
  if (one.to < now) return [finding('tls-expired', `${which} expired on ${showDay(one.to)}.`, { place, severity })];
  if (one.from > now)
    return [finding('tls-expired', `${which} is not valid before ${showDay(one.from)}.`, { place, severity })];
  if (one.to - now >= expiryWarningMs) return [];
  return [finding('tls-expires-soon', `${which} expires on ${showDay(one.to)}.`, { place })];
}

/** The certificates that the daemon uses of a file: of a CA file all, else the first. */
function usedCertificates(facts: ConfigFacts, name: ConfigSettingName): readonly CertificateFact[] | undefined {
  const file = facts.tlsFiles.get(pathOf(facts.configuration, name[1] as PathName));
  if (file === undefined || !('content' in file)) return undefined;
  const all = certificatesIn(file.content);
  return name === ca ? all : all.slice(0, 1);
}

function authorityFindings(facts: ConfigFacts, all: readonly CertificateFact[]): readonly Finding[] {
  const place = settingLocation(facts, ca);
  if (all.length === 0)
    return [finding('tls-ca-empty', `${describeSetting(facts, ca)}: it contains no certificate.`, { place })];
  const nonAuthorities = all.filter(({ isAuthority }) => !isAuthority);
  return nonAuthorities.map(({ subject }) => {
    const fact = `${describeSetting(facts, ca)}: the certificate of ${subject} is not a CA.`;
    return finding('tls-not-ca', fact, { place });
  });
}

function contentFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  return openedFiles(facts)
    .filter((name) => name !== key && name !== httpsKey)
    .filter((name) => name === httpsCert || !auth.metaInsecureSkipVerify.value)
    .flatMap((name) => {
      const certificates = usedCertificates(facts, name);
      if (certificates === undefined) return [];
      const severity = severityOf(certificates, facts.input.now);
      const dates = certificates.flatMap((one) => validityFindings(facts, name, one, severity));
      return (name === ca ? [...authorityFindings(facts, certificates), ...dates] : dates).map((one) => ({
        finding: one,
      }));
    });
}

function exposedKeyFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const paths = openedFiles(facts).map(([, name]) => pathOf(facts.configuration, name as PathName));
  return [...new Set(paths)].flatMap((path) => {
    const file = facts.tlsFiles.get(path);
    if (file === undefined || !('content' in file) || !file.content.includes('PRIVATE KEY-----')) return [];
    return exposedFileFindings(path, file.mode, 'a key', { in: 'file', file: path });
  });
}

const { http, auth } = configFields;
const meta = [auth.enabled, auth.metaAddr, auth.metaCa, auth.metaCert, auth.metaKey];
const https = [http.httpsEnabled, http.httpsCertificate, http.httpsPrivateKey];
const filesRead = [...meta, ...https, auth.metaInsecureSkipVerify];

export const tlsFileChecks: readonly ConfigCheck[] = [
  { reads: filesRead, gives: ['tls-file-unreadable'], find: unreadableFindings },
  { reads: filesRead, gives: ['tls-pair-half', 'tls-pair-mismatch'], find: pairFindings },
  { reads: filesRead, gives: ['tls-ca-empty', 'tls-not-ca', 'tls-expired', 'tls-expires-soon'], find: contentFindings },
  { reads: filesRead, gives: ['file-exposed'], find: exposedKeyFindings },
];

interface CertificateFact {
  /** As `CN=..., O=...`. */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly isAuthority: boolean;
}

/** The certificates of a PEM file that can be read, in its order. */
function certificatesIn(pem: string): readonly CertificateFact[] {
  return pemBlocks(pem).flatMap((block): CertificateFact[] => {
    const read = block.type === 'CERTIFICATE' ? parseCertificate(block) : undefined;
    if (read === undefined) return [];
    const subject = read.subject.replaceAll('\n', ', ');
    return [{ subject, from: Date.parse(read.validFrom), to: Date.parse(read.validTo), isAuthority: read.ca }];
  });
}

const useTls: ConfigSettingName = ['auth', 'metaUseTls'];
const skipVerify: ConfigSettingName = ['auth', 'metaInsecureSkipVerify'];
const metaAddr: ConfigSettingName = ['auth', 'metaAddr'];

/** The settings of TLS for the meta node that are given. */
function tlsSettingsInUse({ configuration: { auth } }: ConfigFacts): readonly ConfigSettingName[] {
  const files = ([ca, cert, key] as const).filter(([, name]) => auth[name as 'metaCa'].value !== '');
  return auth.metaInsecureSkipVerify.value ? [...files, skipVerify] : files;
}

function describeAll(facts: ConfigFacts, names: readonly ConfigSettingName[]): string {
  return `${names.map((name) => describeSetting(facts, name)).join(', ')}.`;
}

function tlsOffFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!usesMetaNode(facts) || auth.metaUseTls.value) return [];
  const given = tlsSettingsInUse(facts);
  const [first] = given;
  const verified = auth.metaInsecureSkipVerify.value ? ([[skipVerify, 'false']] as const) : [];
  const fixes = setFixes(facts, [[useTls, 'true'], ...verified]);
  if (first !== undefined) {
    const details = { place: settingLocation(facts, first), fixes };
    return [{ finding: finding('meta-tls-unused', describeAll(facts, [useTls, ...given]), details) }];
  }
  const address = auth.metaAddr.value;
  const fault = addressFault(address);
  const plain = fault === undefined ? address : fault.fixed;
  if (plain === undefined || isLoopback(addressHost(plain)) || fault?.isHttps === true) return [];
  const fact = describeAll(facts, [useTls, metaAddr]);
  return [{ finding: finding('meta-tls-off', fact, { place: settingLocation(facts, metaAddr), fixes }) }];
}

function unverifiedFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!usesMetaNode(facts) || !auth.metaUseTls.value || !auth.metaInsecureSkipVerify.value) return [];
  const dropped = tlsSettingsInUse(facts).filter((name) => name !== skipVerify);
  const fact = describeAll(facts, [skipVerify, ...dropped]);
  const file = auth.metaCa.value === '' ? ([[ca, placeholderLiterals.caFile]] as const) : [];
  const fixes = setFixes(facts, [[skipVerify, 'false'], ...file]);
  return [{ finding: finding('meta-insecure', fact, { place: settingLocation(facts, skipVerify), fixes }) }];
}

const settingsRead = [http.authEnabled, auth.enabled, auth.metaAddr, auth.metaUseTls, auth.metaInsecureSkipVerify];

export const tlsSettingChecks: readonly ConfigCheck[] = [
  {
    reads: [...settingsRead, auth.metaCa, auth.metaCert, auth.metaKey],
    gives: ['meta-tls-unused', 'meta-tls-off'],
    find: tlsOffFindings,
  },
  { reads: settingsRead, gives: ['meta-insecure'], find: unverifiedFindings },
];

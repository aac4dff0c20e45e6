import { differentVersion, type KapacitorVersion } from '../../../model/kapacitor-versions.js';
import { commandLine } from '../../../model/shell-command.js';
import { excerpt } from '../../../model/text.js';
import { finding, type Finding, type FindingId, type Fix } from '../../finding.js';
import { isCleartext } from './nodes.js';
import { explainsFailure } from './certificates.js';
import {
  type ConfiguredFacts,
  type DoctorCheck,
  type DoctorCheckResult,
  type DoctorFacts,
  type KapacitorFacts,
  nodeHostAndPort,
  nodeLocation,
  type ReadResult,
  valueOrUndefined,
} from '../facts.js';

const restart = 'then restart Kapacitor';

function settingFixes(section: string, line: string): readonly Fix[] {
  return [{ what: `In [${section}] of kapacitor.conf, ${restart}`, setting: line }];
}

/** Whether a version is older than 1.6; a build without a number is taken for a new one. */
function isUnsupported(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major !== undefined && (Number(major) < 1 || (major === '1' && Number(minor) < 6));
}

/** How the running Kapacitor differs from its configuration, as text. */
function configDifferences(
  facts: KapacitorFacts,
  configured: ConfiguredFacts | undefined,
): ReadonlyMap<FindingId, string> {
  if (configured === undefined) return new Map();
  const asks = valueOrUndefined(facts.anonymous);
  const isOpen = asks === undefined ? undefined : asks === 200;
  const withLogin = (read: ReadResult<boolean>): boolean | undefined =>
    isOpen === false && configured.authEnabled ? valueOrUndefined(read) : undefined;
  const differences = [
    {
      id: 'kapacitor-open',
      running: isOpen,
      configured: !configured.authEnabled,
      words: [
        'auth-enabled = false, but the daemon requires credentials',
        'auth-enabled = true, but the daemon requires no credentials',
      ],
    },
    {
      id: 'kapacitor-noauth',
      running: withLogin(facts.noauth),
      configured: configured.noauth,
      words: [
        '[auth] enabled = false, but the daemon checks users',
        '[auth] enabled = true, but the daemon accepts any user',
      ],
    },
    {
      id: 'kapacitor-empty-secret',
      running: withLogin(facts.emptySecret),
      configured: configured.emptySecret,
      words: ['no shared-secret, but the daemon has one', 'a shared-secret, but the daemon has none'],
    },
    {
      id: 'kapacitor-pprof',
      running: isOpen === false ? valueOrUndefined(facts.pprof) : undefined,
      configured: configured.pprof,
      words: ['pprof-enabled = true, but it is off in the daemon', 'pprof-enabled = false, but it is on in the daemon'],
    },
  ] as const;
  return new Map(
    differences.flatMap(({ id, running, configured: expected, words }) =>
      running === undefined || running === expected ? [] : [[id, words[running ? 1 : 0]] as const],
    ),
  );
}

const otherConfigFixes: readonly Fix[] = [
  { what: 'If the file was changed after the daemon started', setting: 'restart Kapacitor' },
  { what: 'If it runs with another file, specify that one', setting: '--kapacitor-conf FILE' },
];

/** What a stranger is let do, one row each: what was read, and the finding where it is so. */
function exposureTests({ noauth, emptySecret, pprof }: KapacitorFacts) {
  return [
    {
      read: noauth,
      id: 'kapacitor-noauth',
      fact: 'A random user name with a random password is accepted.',
      fixes: [
        ...settingFixes('auth', 'enabled = true'),
        { what: 'To see what else it needs', command: commandLine('kapadmin config check') },
      ],
    },
    {
      read: emptySecret,
      id: 'kapacitor-empty-secret',
      fact: 'A token signed with the empty key passes signature verification.',
      fixes: [{ what: "To generate one, on Kapacitor's machine", command: commandLine('kapadmin config fix --write') }],
    },
    {
      read: pprof,
      id: 'kapacitor-pprof',
      fact: 'GET /kapacitor/v1/debug/vars without credentials returns 200.',
      fixes: settingFixes('http', 'pprof-enabled = false'),
    },
  ] as const;
}

function exposureFindings(facts: KapacitorFacts, configured: ConfiguredFacts | undefined): DoctorCheckResult {
  const { url, anonymous } = facts;
  const place = nodeLocation(url);
  const differences = configDifferences(facts, configured);
  const fixesOf = (id: FindingId, fixes: readonly Fix[]): readonly Fix[] =>
    differences.has(id) ? otherConfigFixes : fixes;
  const other =
    configured === undefined || differences.size === 0
      ? []
      : [
          finding(
            'kapacitor-other-configuration',
            `The daemon does not run this configuration: ${configured.from} has ${[...differences.values()].join('; ')}.`,
            { place, fixes: otherConfigFixes },
          ),
        ];
  if (anonymous.ok && anonymous.value === 200) {
    const fact = 'GET /kapacitor/v1/tasks without credentials returns 200.';
    const found = finding('kapacitor-open', fact, {
      place,
      fixes: fixesOf('kapacitor-open', settingFixes('http', 'auth-enabled = true')),
    });
    return {
      findings: [found, ...other],
      unknown: [{ ids: exposureTests(facts).map(({ id }) => id), why: 'no credentials are required' }],
    };
  }
  const unknown = [{ read: anonymous, id: 'kapacitor-open' as const }, ...exposureTests(facts)].flatMap(
    ({ read, id }) => (read.ok ? [] : [{ ids: [id], why: read.failure.why }]),
  );
  const findings = exposureTests(facts).flatMap(({ read, id, fact, fixes }): Finding[] =>
    read.ok && read.value ? [finding(id, fact, { place, fixes: fixesOf(id, fixes) })] : [],
  );
  return { findings: [...findings, ...other], unknown };
}

const ids: readonly FindingId[] = [
  'kapacitor-unreachable',
  'kapacitor-scheme',
  'kapacitor-strange',
  'kapacitor-old',
  'kapacitor-open',
  'kapacitor-noauth',
  'kapacitor-empty-secret',
  'kapacitor-pprof',
  'kapacitor-plain-http',
  'kapacitor-version',
  'kapacitor-other-configuration',
];

/** A running Kapacitor that decides differently from the version used for predictions. */
function versionFindings(url: string, displayVersion: string, assumed: KapacitorVersion): readonly Finding[] {
  const different = differentVersion(displayVersion, assumed);
  if (different === undefined) return [];
  const { sentence, version } = different;
  const fixes =
    version === undefined
      ? []
      : [
          { what: 'For one command', setting: `--kapacitor-version ${version.name}` },
          { what: 'For all commands, in the profile', setting: `kapacitorVersion: "${version.name}"` },
        ];
  return [finding('kapacitor-version', `${sentence}.`, { place: nodeLocation(url), fixes })];
}

function checkKapacitor(
  facts: KapacitorFacts,
  { at: now, configured, assumedVersion }: DoctorFacts,
): DoctorCheckResult {
  const { url, version } = facts;
  const place = nodeLocation(url);
  if (!version.ok) {
    const { why, hint, code } = version.failure;
    const fixes = hint === undefined ? [] : [{ what: 'Fix', setting: hint }];
    const open = [{ ids: ids.slice(1), why: 'Kapacitor does not respond' }];
    if (code === 'plain-http-to-https' || code === 'https-to-plain-http') {
      const other = url.startsWith('https:') ? url.replace(/^https/, 'http') : url.replace(/^http/, 'https');
      const scheme = [{ what: 'To use the right scheme', setting: `--kapacitor ${other}` }];
      return { findings: [finding('kapacitor-scheme', why, { place, fixes: scheme })], unknown: open };
    }
    if (explainsFailure(facts.certificate, code, now)) return { findings: [], unknown: open };
    return { findings: [finding('kapacitor-unreachable', why, { place, fixes })], unknown: open };
  }
  if (version.value === undefined) {
    const fact = `The responses of ${nodeHostAndPort(url)} have no X-Kapacitor-Version header.`;
    const fixes = [{ what: 'To specify Kapacitor', setting: '--kapacitor http://HOST:9092' }];
    return { findings: [finding('kapacitor-strange', fact, { place, fixes })] };
  }
  const displayVersion = excerpt(version.value, 40);
  const upgrade = { what: 'Fix', setting: 'upgrade to Kapacitor 1.6 or later' };
  const old = isUnsupported(version.value)
    ? [finding('kapacitor-old', `The version is ${displayVersion}.`, { place, fixes: [upgrade] })]
    : [];
  const clearFixes = settingFixes('http', 'https-enabled = true');
  const clear = isCleartext(url)
    ? [finding('kapacitor-plain-http', `The URL uses http://: ${nodeHostAndPort(url)}.`, { place, fixes: clearFixes })]
    : [];
  const other = old.length === 0 ? versionFindings(url, displayVersion, assumedVersion) : [];
  const exposure = exposureFindings(facts, configured);
  const isOk = exposure.findings.length === 0 && old.length === 0 && (exposure.unknown ?? []).length === 0;
  const okText = isOk
    ? `Kapacitor ${displayVersion} at ${nodeHostAndPort(url)} requires credentials and checks them`
    : undefined;
  return { ...exposure, findings: [...old, ...other, ...exposure.findings, ...clear], ok: okText };
}

export const kapacitorCheck: DoctorCheck = {
  what: 'running Kapacitor',
  ids,
  run(facts): DoctorCheckResult {
    if (facts.kapacitor !== undefined) return checkKapacitor(facts.kapacitor, facts);
    return { findings: [], unknown: [{ ids, why: 'specify one with --kapacitor URL' }] };
  },
};

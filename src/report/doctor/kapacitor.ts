import { commandLine } from '../../model/shell-command.js';
import { finding, type Finding } from '../findings/finding.js';
import type { FindingId } from '../findings/rules/table.js';
import type { Mend } from '../login/explanation.js';
import { isClear } from './between.js';
import { explainsFailure } from './certificates.js';
import type { Check, Checked } from './check.js';
import type { KapacitorFacts } from './facts.js';
import { at, hostOf } from './told.js';

const restart = 'then restart Kapacitor';

function setting(section: string, line: string): readonly Mend[] {
  return [{ what: `In [${section}] of kapacitor.conf, ${restart}`, setting: line }];
}

/** Whether a version is older than 1.6; a build without a number is taken for a new one. */
function isOld(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major !== undefined && (Number(major) < 1 || (major === '1' && Number(minor) < 6));
}

/** What a stranger is let do, one row each: what was read, and the finding where it is so. */
function rows({ noauth, emptySecret, pprof }: KapacitorFacts) {
  return [
    {
      read: noauth,
      id: 'kapacitor-noauth',
      fact: 'A made-up name with a made-up password is let in.',
      mends: [
        ...setting('auth', 'enabled = true'),
        { what: 'To see what else it needs', command: commandLine('kapadmin config check') },
      ],
    },
    {
      read: emptySecret,
      id: 'kapacitor-empty-secret',
      fact: 'A token signed with the empty key passes the check of signatures.',
      mends: [{ what: 'To set a random one', command: commandLine('kapadmin config fix --write') }],
    },
    {
      read: pprof,
      id: 'kapacitor-pprof',
      fact: 'GET /kapacitor/v1/debug/vars without credentials is answered 200.',
      mends: setting('http', 'pprof-enabled = false'),
    },
  ] as const;
}

function strangersIn(facts: KapacitorFacts): Checked {
  const { url, anonymous } = facts;
  const place = at(url);
  if (anonymous.ok && anonymous.value === 200) {
    const fact = 'GET /kapacitor/v1/tasks without credentials is answered 200.';
    const found = finding('kapacitor-open', fact, { place, mends: setting('http', 'auth-enabled = true') });
    return {
      findings: [found],
      open: [{ ids: rows(facts).map(({ id }) => id), why: 'nobody is asked for credentials' }],
    };
  }
  const unknown = [{ read: anonymous, id: 'kapacitor-open' as const }, ...rows(facts)].flatMap(({ read, id }) =>
    read.ok ? [] : [{ ids: [id], why: read.failure.why }],
  );
  const findings = rows(facts).flatMap(({ read, id, fact, mends }): Finding[] =>
    read.ok && read.value ? [finding(id, fact, { place, mends })] : [],
  );
  return { findings, open: unknown };
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
];

function look(facts: KapacitorFacts, now: number): Checked {
  const { url, version } = facts;
  const place = at(url);
  if (!version.ok) {
    const { why, hint, code } = version.failure;
    const mends = hint === undefined ? [] : [{ what: 'To mend it', setting: hint }];
    const open = [{ ids: ids.slice(1), why: 'Kapacitor does not answer' }];
    if (code === 'plain-http-to-https' || code === 'https-to-plain-http') {
      const other = url.startsWith('https:') ? url.replace(/^https/, 'http') : url.replace(/^http/, 'https');
      const scheme = [{ what: 'To name it with the right scheme', setting: `--kapacitor ${other}` }];
      return { findings: [finding('kapacitor-scheme', why, { place, mends: scheme })], open };
    }
    if (explainsFailure(facts.certificate, code, now)) return { findings: [], open };
    return { findings: [finding('kapacitor-unreachable', why, { place, mends })], open };
  }
  if (version.value === undefined) {
    const fact = `The answers of ${hostOf(url)} bear no X-Kapacitor-Version.`;
    const mends = [{ what: 'To name it', setting: '--kapacitor http://HOST:9092' }];
    return { findings: [finding('kapacitor-strange', fact, { place, mends })] };
  }
  const shown = version.value;
  const upgrade = { what: 'To mend it', setting: 'Kapacitor 1.6 or later' };
  const old = isOld(version.value) ? [finding('kapacitor-old', `It is ${shown}.`, { place, mends: [upgrade] })] : [];
  const clearMends = setting('http', 'https-enabled = true');
  const clear = isClear(url)
    ? [finding('kapacitor-plain-http', `Named with http://: ${hostOf(url)}.`, { place, mends: clearMends })]
    : [];
  const strangers = strangersIn(facts);
  const sound = strangers.findings.length === 0 && old.length === 0 && (strangers.open ?? []).length === 0;
  const well = sound ? `Kapacitor ${shown} at ${hostOf(url)} asks for credentials and checks them` : undefined;
  return { ...strangers, findings: [...old, ...strangers.findings, ...clear], well };
}

export const kapacitorCheck: Check = {
  what: 'a running Kapacitor',
  ids,
  look({ kapacitor, at: now }): Checked {
    if (kapacitor !== undefined) return look(kapacitor, now);
    return { findings: [], open: [{ ids, why: 'none is named with --kapacitor URL' }] };
  },
};

import { commandLine, exportLine, ShellCommand } from '../../../model/shell-command.js';
import { finding, type Finding, type Fix } from '../../finding.js';
import { explainsFailure } from './certificates.js';
import {
  type AnnouncedFacts,
  clusterMembers,
  type DoctorCheck,
  type DoctorCheckResult,
  type DoctorFacts,
  type NodeFacts,
  nodeHostAndPort,
  nodeLocation,
  type ReadFailure,
  reportedLeaders,
  shortVersion,
  valueOrUndefined,
} from '../facts.js';
import { excerpt, pluralize } from '../../../model/text.js';
import { addressHost as hostIn, isLoopback } from '../../../model/urls.js';

const schemeCodes = new Set(['https-to-plain-http', 'plain-http-to-https']);
const strangeCodes = new Set([
  'not-a-meta-node',
  'not-http',
  'html',
  'not-json',
  'wrong-shape',
  'compressed',
  'unexpected-redirect',
  'unexpected-status',
]);

function otherScheme(url: string): string {
  return url.startsWith('https:') ? url.replace(/^https/, 'http') : url.replace(/^http/, 'https');
}

function unreachableFindings(node: NodeFacts, { why, code, hint }: ReadFailure, now: number): readonly Finding[] {
  const { url } = node;
  const place = nodeLocation(url);
  if (schemeCodes.has(code)) {
    const setting = String(new ShellCommand(['--meta-url', otherScheme(url)]));
    const fixes = [{ what: 'To use the right scheme', setting }];
    return [finding('node-scheme', why, { place, fixes })];
  }
  if (strangeCodes.has(code)) {
    const fixes = [{ what: 'To specify a meta node', setting: '--meta-url http://HOST:8091' }];
    return [finding('node-not-meta', why, { place, fixes })];
  }
  if (explainsFailure(node.certificate, code, now)) return [];
  const fixes = hint === undefined ? [] : [{ what: 'Fix', setting: hint }];
  return [finding('node-unreachable', why, { place, fixes })];
}

/** A refusal of our account, or of everybody's, is reported elsewhere. */
function isReportedElsewhere({ kind, code }: ReadFailure): boolean {
  return kind === 'refused' || code === 'no-admin-user';
}

/** What keeps a node from being used. */
function connectionFindings(node: NodeFacts, now: number): readonly Finding[] {
  const failed = [node.ping, node.status].find((read) => !read.ok && !isReportedElsewhere(read.failure));
  return failed === undefined || failed.ok ? [] : unreachableFindings(node, failed.failure, now);
}

function versions(nodes: readonly NodeFacts[]): readonly (readonly [where: string, version: string])[] {
  const own = nodes.flatMap(({ url, ping }): (readonly [string, string])[] => {
    const version = valueOrUndefined(ping)?.version;
    return version === undefined ? [] : [[nodeHostAndPort(url), version]];
  });
  const known = new Set(nodes.map(({ status }) => valueOrUndefined(status)?.raftAddr));
  const others = clusterMembers(nodes).filter(({ raftAddr, version }) => !known.has(raftAddr) && version !== '');
  return [...own, ...others.map(({ addr, version }) => [addr, version] as const)];
}

function versionFindings(nodes: readonly NodeFacts[]): readonly Finding[] {
  const all = versions(nodes);
  if (new Set(all.map(([, version]) => version)).size < 2) return [];
  const fact = all.map(([where, version]) => `${nodeHostAndPort(where)} is ${shortVersion(version)}`).join(', ');
  const fixes = [{ what: 'Fix', setting: 'install the same version of influxdb-meta on all meta nodes' }];
  return [finding('versions-differ', `${fact}.`, { fixes })];
}

function unlistedNodeFindings(nodes: readonly NodeFacts[]): readonly Finding[] {
  const urls = new Set(nodes.map(({ url }) => url));
  const reached = new Set(nodes.map(({ status }) => valueOrUndefined(status)?.raftAddr));
  const rest = clusterMembers(nodes).flatMap(({ url, raftAddr }) =>
    url === undefined || urls.has(url) || reached.has(raftAddr) ? [] : [url],
  );
  if (rest.length === 0 || nodes.some(({ ping }) => !ping.ok)) return [];
  const value = [...urls, ...rest].join(',');
  const fixes = [{ what: 'To list them all', command: exportLine({ variable: 'KAPADMIN_META_URL', value }) }];
  return [finding('node-not-named', `Not configured: ${rest.map(nodeHostAndPort).join(', ')}.`, { fixes })];
}

function nodeSummary(nodes: readonly NodeFacts[]): string {
  const [first] = versions(nodes);
  const [leader] = reportedLeaders(nodes);
  const member = clusterMembers(nodes).find(({ raftAddr }) => raftAddr === leader);
  return [
    pluralize(nodes.length, 'node'),
    ...(first === undefined ? [] : [`version ${shortVersion(first[1])}`]),
    ...(leader === undefined ? [] : [`leader ${member?.addr ?? leader}`]),
  ].join(', ');
}

export const nodeCheck: DoctorCheck = {
  what: 'meta nodes',
  ids: ['node-unreachable', 'node-scheme', 'node-not-meta', 'versions-differ', 'node-not-named'],
  run({ nodes, at: now }) {
    const findings = [
      ...nodes.flatMap((node) => connectionFindings(node, now)),
      ...versionFindings(nodes),
      ...unlistedNodeFindings(nodes),
    ];
    const isOk = findings.every(({ id }) => id === 'node-not-named') && nodes.every(({ ping }) => ping.ok);
    return { findings, ok: isOk ? nodeSummary(nodes) : undefined };
  },
};

const showNodes: Fix = { what: 'To list the nodes, on a meta node', command: commandLine('influxd-ctl show') };

function bareHost(url: string): string {
  return nodeHostAndPort(url).replace(/:\d+$/, '');
}

/** The fix for an unreachable name; `reached` is a URL under which the same node responds. */
function hostNameFixes(url: string, { code, hint }: ReadFailure, reached: string | undefined): readonly Fix[] {
  const address = reached === undefined ? 'ADDRESS' : bareHost(reached);
  const ip = /^[\d.]+$|^\[/.test(address) ? address.replace(/[[\]]/g, '') : 'ADDRESS';
  const hosts = String(new ShellCommand([ip, bareHost(url)]));
  return [
    code === 'dns-failed'
      ? { what: 'To make the name resolvable here, in /etc/hosts', setting: hosts }
      : { what: 'Fix', setting: hint ?? 'Check the network and the firewall' },
    { what: 'Or, in influxdb-meta.conf of that node', setting: 'hostname = "A NAME THAT RESOLVES EVERYWHERE"' },
  ];
}

function leaderFindings({ nodes }: DoctorFacts): readonly Finding[] {
  const reported = nodes.flatMap(({ url, status }) => (status.ok ? [{ url, leader: status.value.leader }] : []));
  const leaders = reportedLeaders(nodes);
  if (leaders.length === 0) {
    const fixes = [{ what: 'Fix', setting: 'start more than half of the meta nodes' }, showNodes];
    const fact = `${reported.map(({ url }) => nodeHostAndPort(url)).join(', ')}: the field leader of /status is empty.`;
    return [finding('no-leader', fact, { fixes })];
  }
  if (leaders.length === 1) return [];
  const fact = reported.map(
    ({ url, leader }) => `${nodeHostAndPort(url)} reports ${leader === '' ? 'no leader' : leader}`,
  );
  return [finding('leaders-differ', `${fact.join(', ')}.`, { fixes: [showNodes] })];
}

function announcedFindings({ nodes, announced }: DoctorFacts): readonly Finding[] {
  const leaders = reportedLeaders(nodes);
  const members = clusterMembers(nodes);
  return announced.flatMap(({ url, ping }: AnnouncedFacts): Finding[] => {
    if (ping.ok) return [];
    const member = members.find((one) => one.url === url);
    const reached = nodes.find(({ status }) => status.ok && status.value.raftAddr === member?.raftAddr)?.url;
    const fixes = hostNameFixes(url, ping.failure, reached);
    const fact = ping.failure.why;
    if (member === undefined || !leaders.includes(member.raftAddr)) {
      return [finding('announced-unreachable', fact, { place: nodeLocation(url), fixes })];
    }
    const severity = members.length > 1 ? 'error' : 'warning';
    return [finding('leader-unreachable', fact, { place: nodeLocation(url), fixes, severity })];
  });
}

export const leaderCheck: DoctorCheck = {
  what: 'leader',
  ids: ['no-leader', 'leaders-differ', 'leader-unreachable', 'announced-unreachable'],
  run(facts): DoctorCheckResult {
    const { nodes } = facts;
    if (!nodes.some(({ status }) => status.ok)) {
      const why = 'no node reported its status';
      return { findings: [], unknown: [{ ids: leaderCheck.ids, why }] };
    }
    const findings = [...leaderFindings(facts), ...announcedFindings(facts)];
    const named = nodes.some(({ members }) => valueOrUndefined(members) !== undefined);
    const open = named
      ? []
      : [{ ids: ['leader-unreachable', 'announced-unreachable'] as const, why: 'no node returned /show-cluster' }];
    return { findings, unknown: open };
  },
};

/** Clocks differ from this many milliseconds on: the Date header has whole seconds. */
const minSkewMs = 30_000;

/** Milliseconds that a token of Kapacitor's or ours is good for. */
const tokenLifetimeMs = 300_000;

export function isCleartext(url: string): boolean {
  return url.startsWith('http:') && !isLoopback(hostIn(nodeHostAndPort(url)));
}

function cleartextFindings({ nodes }: DoctorFacts): readonly Finding[] {
  const clear = nodes.filter(({ url, ping }) => ping.ok && isCleartext(url)).map(({ url }) => url);
  if (clear.length === 0) return [];
  const fixes = [{ what: 'In [meta] of influxdb-meta.conf on every meta node', setting: 'https-enabled = true' }];
  const [only, ...more] = clear;
  const place = only === undefined || more.length > 0 ? undefined : nodeLocation(only);
  return [
    finding('node-plain-http', `The URL uses http://: ${clear.map(nodeHostAndPort).join(', ')}.`, { place, fixes }),
  ];
}

function proxyFindings({ nodes }: DoctorFacts): readonly Finding[] {
  return nodes.flatMap(({ url, proxy, ping }): Finding[] => {
    const place = nodeLocation(url);
    const fixes = [
      {
        what: 'To bypass the proxy',
        command: exportLine({ variable: 'NO_PROXY', value: hostIn(nodeHostAndPort(url)) }),
      },
    ];
    if (proxy !== undefined) {
      return [finding('node-proxy', `HTTPS_PROXY applies to it: ${proxy}.`, { place, fixes })];
    }
    const lines = valueOrUndefined(ping)?.proxies ?? [];
    if (lines.length === 0) return [];
    const fact = `Its responses have ${lines.map((line) => excerpt(line, 60)).join(' and ')}.`;
    return [finding('node-proxy', fact, { place })];
  });
}

export const transportCheck: DoctorCheck = {
  what: 'connections',
  ids: ['node-plain-http', 'node-proxy'],
  run: (facts) => ({ findings: [...cleartextFindings(facts), ...proxyFindings(facts)] }),
};

function skewText(ahead: number): string {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const size = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `${size} ${ahead > 0 ? 'ahead of' : 'behind'} the clock of this machine`;
}

export const clockCheck: DoctorCheck = {
  what: 'clocks',
  ids: ['clock-skew'],
  run({ nodes, account, lookup }) {
    const skews = nodes.flatMap(({ url, ping }) => {
      const ahead = valueOrUndefined(ping)?.ahead;
      return ahead === undefined ? [] : [{ url, ahead }];
    });
    if (skews.length === 0) {
      return { findings: [], unknown: [{ ids: ['clock-skew'], why: 'no node reported its time' }] };
    }
    const wrong = skews.filter(({ ahead }) => Math.abs(ahead) >= minSkewMs);
    if (wrong.length === 0) {
      const maxSkew = Math.max(...skews.map(({ ahead }) => Math.abs(ahead)));
      return { findings: [], ok: `the clocks agree within ${pluralize(Math.ceil(maxSkew / 1000) || 1, 'second')}` };
    }
    const tokens = account.kind === 'bearer' || (lookup.is === 'asked' && lookup.account.kind === 'secret');
    const expired = tokens && wrong.some(({ ahead }) => ahead >= tokenLifetimeMs);
    const fact = wrong.map(({ url, ahead }) => `${nodeHostAndPort(url)} is ${skewText(ahead)}`).join(', ');
    const [only, ...more] = wrong;
    const place = only === undefined || more.length > 0 ? undefined : nodeLocation(only.url);
    const fixes = [{ what: 'On the machine whose clock is wrong', command: commandLine('timedatectl set-ntp true') }];
    const details = expired ? { severity: 'error' as const } : {};
    return { findings: [finding('clock-skew', `${fact}.`, { place, fixes, ...details })] };
  },
};

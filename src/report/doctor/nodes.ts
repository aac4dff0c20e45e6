import { exportLine, ShellCommand } from '../../model/shell-command.js';
import { finding, type Finding } from '../../diagnostics/finding.js';
import { explainsFailure } from './certificates.js';
import type { Check } from './check.js';
import type { Failure, NodeFacts } from './facts.js';
import { at, counted, hostOf, leadersOf, membersOf, shortVersion, valueOf } from './told.js';

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

function unreachable(node: NodeFacts, { why, code, hint }: Failure, now: number): readonly Finding[] {
  const { url } = node;
  const place = at(url);
  if (schemeCodes.has(code)) {
    const setting = String(new ShellCommand(['--meta-url', otherScheme(url)]));
    const mends = [{ what: 'To name it rightly', setting }];
    return [finding('node-scheme', why, { place, mends })];
  }
  if (strangeCodes.has(code)) {
    const mends = [{ what: 'To name a meta node', setting: '--meta-url http://HOST:8091' }];
    return [finding('node-not-meta', why, { place, mends })];
  }
  if (explainsFailure(node.certificate, code, now)) return [];
  const mends = hint === undefined ? [] : [{ what: 'To mend it', setting: hint }];
  return [finding('node-unreachable', why, { place, mends })];
}

/** A refusal of our account, or of everybody's, is told elsewhere. */
function isElsewhere({ kind, code }: Failure): boolean {
  return kind === 'refused' || code === 'no-admin-user';
}

/** What keeps a node from being used. */
function reach(node: NodeFacts, now: number): readonly Finding[] {
  const failed = [node.ping, node.status].find((read) => !read.ok && !isElsewhere(read.failure));
  return failed === undefined || failed.ok ? [] : unreachable(node, failed.failure, now);
}

function versions(nodes: readonly NodeFacts[]): readonly (readonly [where: string, version: string])[] {
  const own = nodes.flatMap(({ url, ping }): (readonly [string, string])[] => {
    const version = valueOf(ping)?.version;
    return version === undefined ? [] : [[hostOf(url), version]];
  });
  const known = new Set(nodes.map(({ status }) => valueOf(status)?.raftAddr));
  const others = membersOf(nodes).filter(({ raftAddr, version }) => !known.has(raftAddr) && version !== '');
  return [...own, ...others.map(({ addr, version }) => [addr, version] as const)];
}

function differing(nodes: readonly NodeFacts[]): readonly Finding[] {
  const all = versions(nodes);
  if (new Set(all.map(([, version]) => version)).size < 2) return [];
  const fact = all.map(([where, version]) => `${hostOf(where)} is ${shortVersion(version)}`).join(', ');
  const mends = [{ what: 'To mend it', setting: 'the same version of influxdb-meta on all meta nodes' }];
  return [finding('versions-differ', `${fact}.`, { mends })];
}

function unnamed(nodes: readonly NodeFacts[]): readonly Finding[] {
  const urls = new Set(nodes.map(({ url }) => url));
  const reached = new Set(nodes.map(({ status }) => valueOf(status)?.raftAddr));
  const rest = membersOf(nodes).flatMap(({ url, raftAddr }) =>
    url === undefined || urls.has(url) || reached.has(raftAddr) ? [] : [url],
  );
  if (rest.length === 0 || nodes.some(({ ping }) => !ping.ok)) return [];
  const value = [...urls, ...rest].join(',');
  const mends = [{ what: 'To name them all', command: exportLine({ variable: 'KAPADMIN_META_URL', value }) }];
  return [finding('node-not-named', `Not named: ${rest.map(hostOf).join(', ')}.`, { mends })];
}

function wellOf(nodes: readonly NodeFacts[]): string {
  const [first] = versions(nodes);
  const [leader] = leadersOf(nodes);
  const member = membersOf(nodes).find(({ raftAddr }) => raftAddr === leader);
  return [
    counted(nodes.length, 'node'),
    ...(first === undefined ? [] : [`version ${shortVersion(first[1])}`]),
    ...(leader === undefined ? [] : [`leader ${member?.addr ?? leader}`]),
  ].join(', ');
}

export const nodeCheck: Check = {
  what: 'meta nodes',
  ids: ['node-unreachable', 'node-scheme', 'node-not-meta', 'versions-differ', 'node-not-named'],
  look({ nodes, at: now }) {
    const findings = [...nodes.flatMap((node) => reach(node, now)), ...differing(nodes), ...unnamed(nodes)];
    const sound = findings.every(({ id }) => id === 'node-not-named') && nodes.every(({ ping }) => ping.ok);
    return { findings, well: sound ? wellOf(nodes) : undefined };
  },
};

import { commandLine, ShellCommand } from '../../model/shell-command.js';
import { finding, type Finding } from '../../diagnostics/finding.js';
import type { Mend } from '../../diagnostics/fix.js';
import type { Check, Checked } from './check.js';
import type { AnnouncedFacts, DoctorFacts, Failure } from './facts.js';
import { at, hostOf, leadersOf, membersOf, valueOf } from './told.js';

const show: Mend = { what: 'To see the nodes, on a meta node', command: commandLine('influxd-ctl show') };

function bareHost(url: string): string {
  return hostOf(url).replace(/:\d+$/, '');
}

/** How a name that leads nowhere is mended; `reached` is a URL under which the same node answers. */
function nameMends(url: string, { code, hint }: Failure, reached: string | undefined): readonly Mend[] {
  const address = reached === undefined ? 'ADDRESS' : bareHost(reached);
  const ip = /^[\d.]+$|^\[/.test(address) ? address.replace(/[[\]]/g, '') : 'ADDRESS';
  const hosts = String(new ShellCommand([ip, bareHost(url)]));
  return [
    code === 'dns-failed'
      ? { what: 'To make the name known here, in /etc/hosts', setting: hosts }
      : { what: 'To mend it', setting: hint ?? 'check network and firewall' },
    { what: 'Or, in influxdb-meta.conf of that node', setting: 'hostname = "A NAME THAT IS KNOWN EVERYWHERE"' },
  ];
}

function agreement({ nodes }: DoctorFacts): readonly Finding[] {
  const asked = nodes.flatMap(({ url, status }) => (status.ok ? [{ url, leader: status.value.leader }] : []));
  const leaders = leadersOf(nodes);
  if (leaders.length === 0) {
    const mends = [{ what: 'To mend it', setting: 'bring up more than half of the meta nodes' }, show];
    const fact = `${asked.map(({ url }) => hostOf(url)).join(', ')}: the field leader of /status is empty.`;
    return [finding('no-leader', fact, { mends })];
  }
  if (leaders.length === 1) return [];
  const fact = asked.map(({ url, leader }) => `${hostOf(url)} names ${leader === '' ? 'none' : leader}`);
  return [finding('leaders-differ', `${fact.join(', ')}.`, { mends: [show] })];
}

function announced({ nodes, announced }: DoctorFacts): readonly Finding[] {
  const leaders = leadersOf(nodes);
  const members = membersOf(nodes);
  return announced.flatMap(({ url, ping }: AnnouncedFacts): Finding[] => {
    if (ping.ok) return [];
    const member = members.find((one) => one.url === url);
    const reached = nodes.find(({ status }) => status.ok && status.value.raftAddr === member?.raftAddr)?.url;
    const mends = nameMends(url, ping.failure, reached);
    const fact = ping.failure.why;
    if (member === undefined || !leaders.includes(member.raftAddr)) {
      return [finding('announced-unreachable', fact, { place: at(url), mends })];
    }
    const severity = members.length > 1 ? 'error' : 'warning';
    return [finding('leader-unreachable', fact, { place: at(url), mends, severity })];
  });
}

export const leaderCheck: Check = {
  what: 'the leader',
  ids: ['no-leader', 'leaders-differ', 'leader-unreachable', 'announced-unreachable'],
  look(facts): Checked {
    const { nodes } = facts;
    if (!nodes.some(({ status }) => status.ok)) {
      const why = 'no node gives its status';
      return { findings: [], open: [{ ids: leaderCheck.ids, why }] };
    }
    const findings = [...agreement(facts), ...announced(facts)];
    const named = nodes.some(({ members }) => valueOf(members) !== undefined);
    const open = named
      ? []
      : [{ ids: ['leader-unreachable', 'announced-unreachable'] as const, why: 'no node gives /show-cluster' }];
    return { findings, open };
  },
};

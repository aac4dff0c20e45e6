import { commandLine, exportLine } from '../../model/shell-command.js';
import { excerpt } from '../../model/text.js';
import { hostOf as hostIn, isLoopback } from '../findings/config/address.js';
import { finding, type Finding } from '../../diagnostics/finding.js';
import type { Check } from './check.js';
import type { DoctorFacts } from './facts.js';
import { at, counted, hostOf, valueOf } from './told.js';

/** Milliseconds from which on two clocks differ: the header Date tells whole seconds. */
const skewFrom = 30_000;

/** Milliseconds that a token of Kapacitor's or ours is good for. */
const tokenLife = 300_000;

export function isClear(url: string): boolean {
  return url.startsWith('http:') && !isLoopback(hostIn(hostOf(url)));
}

function clearText({ nodes }: DoctorFacts): readonly Finding[] {
  const clear = nodes.filter(({ url, ping }) => ping.ok && isClear(url)).map(({ url }) => url);
  if (clear.length === 0) return [];
  const mends = [{ what: 'In [meta] of influxdb-meta.conf on every meta node', setting: 'https-enabled = true' }];
  const [only, ...more] = clear;
  const place = only === undefined || more.length > 0 ? undefined : at(only);
  return [finding('node-plain-http', `Named with http://: ${clear.map(hostOf).join(', ')}.`, { place, mends })];
}

function proxies({ nodes }: DoctorFacts): readonly Finding[] {
  return nodes.flatMap(({ url, proxy, ping }): Finding[] => {
    const place = at(url);
    const mends = [
      { what: 'To go without', command: exportLine({ variable: 'NO_PROXY', value: hostIn(hostOf(url)) }) },
    ];
    if (proxy !== undefined) {
      return [finding('node-proxy', `HTTPS_PROXY counts for it: ${proxy}.`, { place, mends })];
    }
    const lines = valueOf(ping)?.proxies ?? [];
    if (lines.length === 0) return [];
    const fact = `Its answers bear ${lines.map((line) => excerpt(line, 60)).join(' and ')}.`;
    return [finding('node-proxy', fact, { place })];
  });
}

export const betweenCheck: Check = {
  what: 'what stands between',
  ids: ['node-plain-http', 'node-proxy'],
  look: (facts) => ({ findings: [...clearText(facts), ...proxies(facts)] }),
};

function skewText(ahead: number): string {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const size = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `${size} ${ahead > 0 ? 'ahead of' : 'behind'} the clock here`;
}

export const clockCheck: Check = {
  what: 'the clocks',
  ids: ['clock-skew'],
  look({ nodes, account, lookup }) {
    const told = nodes.flatMap(({ url, ping }) => {
      const ahead = valueOf(ping)?.ahead;
      return ahead === undefined ? [] : [{ url, ahead }];
    });
    if (told.length === 0) {
      return { findings: [], open: [{ ids: ['clock-skew'], why: 'no node tells its time' }] };
    }
    const wrong = told.filter(({ ahead }) => Math.abs(ahead) >= skewFrom);
    if (wrong.length === 0) {
      const most = Math.max(...told.map(({ ahead }) => Math.abs(ahead)));
      return { findings: [], well: `the clocks agree to ${counted(Math.ceil(most / 1000) || 1, 'second')}` };
    }
    const tokens = account.kind === 'bearer' || (lookup.is === 'asked' && lookup.account.kind === 'secret');
    const expired = tokens && wrong.some(({ ahead }) => ahead >= tokenLife);
    const fact = wrong.map(({ url, ahead }) => `${hostOf(url)} is ${skewText(ahead)}`).join(', ');
    const [only, ...more] = wrong;
    const place = only === undefined || more.length > 0 ? undefined : at(only.url);
    const mends = [{ what: 'On the machine whose clock is wrong', command: commandLine('timedatectl set-ntp true') }];
    const details = expired ? { severity: 'error' as const } : {};
    return { findings: [finding('clock-skew', `${fact}.`, { place, mends, ...details })] };
  },
};

import { KapadminError } from '../errors.js';
import type { MetaClient, RawAnswer } from '../meta/api.js';
import type { PingFacts, Read } from '../report/doctor/facts.js';
import { reading, type Looking } from './read.js';

/** The header Date tells whole seconds: on average half of one has gone by. */
const halfSecond = 500;

/** Headers that a meta node does not send, and proxies do. */
const proxyHeaders = ['via', 'server', 'x-cache'];

/** Milliseconds by which the clock of an answer is ahead of ours. */
function aheadOf(date: string | undefined, sent: number, came: number): number | undefined {
  const told = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(told) ? undefined : told + halfSecond - (sent + came) / 2;
}

function strange({ status, url }: RawAnswer): KapadminError {
  return new KapadminError('server', 'not-a-meta-node', `GET ${url}: ${status} in place of 204`, {
    hint: 'is this a meta node? They listen on port 8091',
  });
}

const refusedStatuses: ReadonlySet<number> = new Set([401, 403]);

/**
 * GET /ping of one node, without credentials: its version and its clock. A meta node that asks for credentials is
 * asked again with the account, where `own` has one; its version says in any case that it is a live meta node.
 */
export function readPing(client: MetaClient, { context }: Looking, own?: MetaClient): Promise<Read<PingFacts>> {
  const { clock, stop } = context;
  return reading(stop, async () => {
    const isRefused = ({ status, header }: RawAnswer): boolean =>
      refusedStatuses.has(status) && header('x-influxdb-version') !== undefined;
    let sent = clock.now();
    let answer = await client.get('/ping', { signal: stop });
    if (isRefused(answer) && own !== undefined) {
      sent = clock.now();
      answer = await own.get('/ping', { signal: stop });
    }
    const ahead = aheadOf(answer.header('date'), sent, clock.now());
    if (answer.status !== 204 && answer.status !== 200 && !isRefused(answer)) throw strange(answer);
    const proxies = proxyHeaders.flatMap((name) => {
      const value = answer.header(name);
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    return { version: answer.header('x-influxdb-version'), ahead, proxies };
  });
}

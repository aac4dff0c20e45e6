import { describe, expect, it } from 'vitest';
import { KapadminError } from '../../src/errors.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { parseHostPort, nodesFromShowCluster, nodesFromStatus, parseNode, parseNodes } from '../../src/meta/nodes.js';
import { decideRedirect } from '../../src/meta/redirect.js';
import { createBodyCollector, createBodyBudget } from '../../src/meta/transport/connections.js';
import { onAbort } from '../../src/meta/transport/exchange.js';
import fc from 'fast-check';

function refusal(text: string): KapadminError {
  try {
    parseNode(text);
  } catch (error) {
    if (error instanceof KapadminError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe('node URLs', () => {
  it.each([
    ['http://localhost', 'http://localhost:8091', 'localhost:8091'],
    ['https://meta-1/', 'https://meta-1:8091', 'meta-1:8091'],
    ['http://Meta-1:80', 'http://meta-1', 'meta-1:80'],
    ['https://meta:443/', 'https://meta', 'meta:443'],
    ['http://[::1]', 'http://[::1]:8091', '[::1]:8091'],
    ['http://[::1]:9000', 'http://[::1]:9000', '[::1]:9000'],
  ])('%s means %s', (text, origin, host) => {
    expect(parseNode(text)).toMatchObject({ origin, host });
  });

  it.each([
    ['localhost:8091', 'does not start with http'],
    ['localhost', 'does not start with http'],
    ['ftp://host', 'does not start with http'],
    ['file:///etc/passwd', 'does not start with http'],
    ['', 'does not start with http'],
    ['http://', 'is invalid'],
    ['http://host:99999', 'is invalid'],
    ['http://host:8091/user', 'has a path'],
    ['http://host:8091?x=1', 'has a path'],
    ['http://host:8091#x', 'has a path'],
    ['http://host\\x', 'has a path'],
    [' http://host:8091', 'contains a space'],
    ['http://ho\nst:8091', 'contains a space'],
    ['http://host:8091\u0000', 'contains a space'],
  ])('%j is refused: it %s', (text, why) => {
    const error = refusal(text);
    expect(error).toMatchObject({ kind: 'usage', code: 'bad-meta-url' });
    expect(error.message).toContain(why);
  });

  it.each(['http://admin:s3cret@host:8091', 'http://s3cret@host', 'https://a:s3cret@b@host', 's3cret@host'])(
    'the credentials of %s are refused and not shown',
    (text) => {
      expect(refusal(text).message).not.toContain('s3cret');
    },
  );

  it('count once each', () => {
    expect(parseNodes(['http://a', 'http://A:8091/', 'http://b'])).toHaveLength(2);
    expect(() => parseNodes([])).toThrow('no meta node given');
  });
});

it('a client refuses a user name that Basic cannot carry', () => {
  const credentials = { kind: 'basic', username: 'a:b', password: new Secret('x') } as const;
  expect(() => createMetaClient({ nodes: ['http://localhost'], credentials })).toThrow('colon');
});

const node = parseNode('http://m1:8091');

describe('hosts that a node names', () => {
  it.each([
    'host',
    'host:',
    'host:8091/x',
    'user@host:8091',
    'host:8091?x',
    ':8091',
    'ho st:1',
    'a:b:1',
    'x\\y:1',
    'h:1#2',
  ])('"%s" is no address', (address) => {
    expect(parseHostPort(address, 'http:')).toBeUndefined();
  });

  it('addresses may be names and IPs', () => {
    expect(parseHostPort('M2:8091', 'http:')?.host).toBe('m2:8091');
    expect(parseHostPort('[::1]:8091', 'https:')?.origin).toBe('https://[::1]:8091');
  });

  it('peers count with their own port and with that of the asked node', () => {
    const status = {
      nodeType: 'meta',
      leader: '',
      httpAddr: 'm1:8091',
      raftAddr: '',
      peers: ['m2:8089', '[::1]:8089'],
    };
    const hosts = nodesFromStatus(status, node).map(({ host }) => host);
    expect(hosts).toEqual(['m1:8091', 'm2:8089', 'm2:8091', '[::1]:8089', '[::1]:8091']);
  });

  it('a cluster without schemes has that of the asked node', () => {
    const meta = (httpScheme: string) => ({ id: 1, addr: 'm2:8091', httpScheme, tcpAddr: '', version: '' });
    const view = { data: [], meta: [meta(''), meta('https'), meta('gopher')] };
    expect(nodesFromShowCluster(view, node).map(({ scheme }) => scheme)).toEqual(['http:', 'https:', 'http:']);
  });

  it('another port of a trusted host is not trusted', () => {
    const trusted = new Map([[node.host, node.scheme]]);
    expect(decideRedirect(trusted, node, parseNode('http://m1:8092'))).toBe('unknown-host');
    expect(decideRedirect(trusted, node, node)).toBe('yes');
  });
});

describe('the collected body', () => {
  it('is what came, in one piece, up to the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 })), fc.nat(2000), (chunks, limit) => {
        const room = createBodyBudget(limit);
        const { remaining: left } = room;
        const body = createBodyCollector(limit, room);
        const all = Buffer.concat(chunks);
        expect(chunks.every((chunk) => body.add(chunk) === undefined)).toBe(all.length <= limit);
        expect(all.subarray(0, body.bytes().length)).toEqual(Buffer.from(body.bytes()));
        body.end();
        expect(room.remaining).toBe(left);
      }),
    );
  });

  it('shares its room with the others: two of the limit at the same time, however many there are', () => {
    const limit = 40 * 1024 * 1024;
    const room = createBodyBudget(limit);
    const [first, second, third] = [
      createBodyCollector(limit, room),
      createBodyCollector(limit, room),
      createBodyCollector(limit, room),
    ];
    const half = new Uint8Array(limit / 2);
    expect([first.add(half), second.add(half), third.add(half)]).toEqual([undefined, undefined, undefined]);
    expect([first.add(half), second.add(half), third.add(half)]).toEqual([undefined, 'no-room', 'no-room']);
    first.end();
    expect(second.add(half)).toBeUndefined();
  });
});

describe('listeners of a signal', () => {
  it('are called once each, but for those that were ended', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), fc.array(fc.nat(19)), (ended, order) => {
        const controller = new AbortController();
        const calls: number[] = [];
        const ends = ended.map((_, index) => onAbort(controller.signal, () => calls.push(index)));
        const toEnd = [...new Set([...order, ...ended.keys()])].filter((index) => ended[index] === true);
        for (const index of toEnd) ends[index]?.();
        controller.abort();
        const expected = [...ended.keys()].filter((index) => ended[index] === false);
        expect(calls.toSorted((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});

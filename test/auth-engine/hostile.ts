import fc from 'fast-check';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import { type DaemonSettings, startDaemon, toDaemonSettings } from '../../src/auth-engine/daemon-state.js';
import { handleRequest } from '../../src/auth-engine/handle.js';
import { type Verdict, findVerdict } from '../../src/auth-engine/trace.js';
import type { MetaResult } from '../../src/auth-engine/effects.js';
import { basic, drive, hashOf, settings, startMs, startSeconds, token } from './engine.js';

const bytes = fc.uint8Array({ maxLength: 24 }).map((given) => Buffer.from(given).toString('latin1'));

function mixed(...words: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.oneof(fc.constantFrom(...words), bytes), { maxLength: 6 }).map((pieces) => pieces.join(''));
}

const target = mixed(
  '/',
  '/kapacitor/v1',
  '/kapacitor/v1preview/',
  'write',
  '?db=',
  '?u=a&p=b',
  '%2e',
  '%zz',
  '//',
  '..',
);
const method = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS') }, bytes);
const claims = fc.oneof(fc.json(), fc.constant(JSON.stringify({ username: 'a', exp: startSeconds + 60 })));
const authorization = fc.oneof(
  fc.constant(basic('a', 'b')),
  mixed('Basic ', 'Bearer ', '.', 'YTpi', 'eyJhbGciOiJIUzI1NiJ9', '~subscriber'),
  claims.map((text) => `Bearer ${token(text)}`),
  bytes.map((text) => `Basic ${Buffer.from(`~subscriber:${text}`, 'latin1').toString('base64')}`),
);
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('Authorization', 'X', '') }, bytes);
const headers = fc.array(fc.tuple(name, fc.oneof(authorization, bytes)), { maxLength: 3 });
const document = fc.oneof(
  fc.record({ name: fc.constantFrom('a', '', '__proto__'), hash: fc.constantFrom('', hashOf('b'), '$2a$04$', 'x') }),
  fc.object(),
);
const body = fc.oneof(
  bytes,
  fc.json(),
  document.map((user) => JSON.stringify({ users: [user] })),
);
const answer: fc.Arbitrary<MetaResult> = fc.oneof(
  fc.record({
    status: fc.constantFrom(200, 200, 201, 204, 301, 307, 401, 404, 503),
    location: fc.oneof(fc.constant(''), mixed('http://', '/', ':', '@', '[', ']', '#', '%', '..')),
    body,
  }),
  fc.record({ error: fc.constantFrom('refused', 'timeout', 'tls', 'unusable'), text: bytes }),
);
const odd: fc.Arbitrary<Partial<DaemonSettings>> = fc.record(
  {
    users: fc.constantFrom('meta', 'noauth', 'own-store'),
    pprofEnabled: fc.boolean(),
    cacheExpiration: fc.constantFrom(0, -1, 1, 60e9),
    bcryptCost: fc.integer(),
    metaAddr: mixed('127.0.0.1', ':', '8091', ' ', 'http://', '[', ']', '%'),
    metaUsername: bytes,
    metaSecret: fc.oneof(fc.constant(''), bytes),
    sharedSecret: bytes,
  },
  { requiredKeys: [] },
);
const file = mixed(
  '[http]\n',
  '[auth]\n',
  'enabled = true\n',
  'auth-enabled = true\n',
  'bcrypt-cost = 4\n',
  'meta-addr',
  '=',
);

const verdicts: ReadonlySet<string> = new Set<Verdict>(['allow', 'deny', 'redirect', 'unrouted', 'bad-request']);

/** Requests, answers and configurations of all kinds: each must end in a verdict, nothing may throw. */
export function assertNothingThrows(numRuns: number): void {
  const request = fc.record({ method, target, headers });
  const life = fc.array(fc.tuple(request, fc.nat({ max: 1e13 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      fc.oneof(odd, file),
      life,
      fc.array(answer, { minLength: 1, maxLength: 5 }),
      (given, requests, answers) => {
        const reading = typeof given === 'string' ? readConfiguration(given, new Map()) : undefined;
        if (reading?.starts === false) return reading.message !== '';
        const parts =
          reading === undefined ? settings(given as Partial<DaemonSettings>) : toDaemonSettings(reading.configuration);
        const daemon = startDaemon(parts, startMs);
        let i = 0;
        const node = (): MetaResult => answers[i++ % answers.length]!;
        return requests
          .map(([one, now]) => findVerdict(drive(handleRequest(daemon, one, now), node)).verdict)
          .every((verdict) => verdicts.has(verdict));
      },
    ),
    { numRuns },
  );
}

import { isIP } from 'node:net';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ListenerTls } from './listener.js';

/** One value in DER: tag, length, content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), derLength(content.length), content]);
}

function derLength(count: number): Uint8Array {
  if (count < 0x80) return Buffer.from([count]);
  const hex = count.toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.from([0x80 + digits.length, ...digits]);
}

const sequence = (...items: readonly Uint8Array[]): Uint8Array => der(0x30, ...items);
const set = (...items: readonly Uint8Array[]): Uint8Array => der(0x31, ...items);
const octets = (content: Uint8Array): Uint8Array => der(0x04, content);
const utf8 = (text: string): Uint8Array => der(0x0c, Buffer.from(text));
const derTrue: Uint8Array = der(0x01, Buffer.from([0xff]));

/** A bit string of whole bytes, or with `unused` bits at its end. */
const bitString = (content: Uint8Array, unused = 0): Uint8Array => der(0x03, Buffer.from([unused]), content);

/** A positive integer, given as its bytes. */
function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes[0] ?? 0;
  return first < 0x80 ? der(0x02, bytes) : der(0x02, Buffer.from([0]), bytes);
}

/** A value tagged by its place in a structure: [n]. */
const tagged = (n: number, ...items: readonly Uint8Array[]): Uint8Array => der(0xa0 + n, ...items);

/** An object identifier, dotted. */
function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}

/** A moment (ms since 1970): UTCTime up to 2049, GeneralizedTime after, as RFC 5280 wants. */
function derTime(ms: number): Uint8Array {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text < '2050' ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}

/** A distinguished name that has a common name only. */
function commonName(name: string): Uint8Array {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(name))));
}

function ipBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail);
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Subject alternative names: host names and addresses. */
function alternativeNames(hosts: readonly string[]): Uint8Array {
  return sequence(
    ...hosts.map((host) => (isIP(host) === 0 ? der(0x82, Buffer.from(host, 'latin1')) : der(0x87, ipBytes(host)))),
  );
}

interface Identity {
  readonly name: string;
  readonly key: KeyObject;
  /** PEM. */
  readonly cert: string;
}

interface Validity {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** What a certificate is for: to sign others, or to show as a server or a client. */
type Purpose =
  | { readonly kind: 'authority' }
  | { readonly kind: 'server'; readonly hosts: readonly string[] }
  | { readonly kind: 'client' };

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return critical ? sequence(oid(id), derTrue, octets(value)) : sequence(oid(id), octets(value));
}

/** RFC 5280: basic constraints, key usage, extended key usage, alternative names. */
function extensionsOf(purpose: Purpose): readonly Uint8Array[] {
  if (purpose.kind === 'authority') {
    const signsOthers = bitString(Buffer.from([0b0000_0110]), 1);
    return [extension('2.5.29.19', sequence(derTrue), true), extension('2.5.29.15', signsOthers, true)];
  }
  const usage = oid(purpose.kind === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2');
  return [
    extension('2.5.29.19', sequence(), true),
    extension('2.5.29.15', bitString(Buffer.from([0b1000_0000]), 7), true),
    extension('2.5.29.37', sequence(usage)),
    ...(purpose.kind === 'server' ? [extension('2.5.29.17', alternativeNames(purpose.hosts))] : []),
  ];
}

function keyId(publicKey: Uint8Array): Uint8Array {
  return createHash('sha1').update(publicKey).digest();
}

function pem(content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** A new P-256 key and its X.509 certificate, signed by `issuer`, or self-signed without one. */
export function certify(name: string, purpose: Purpose, validity: Validity, issuer?: Identity): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicDer = publicKey.export({ type: 'spki', format: 'der' });
  const signer = issuer ?? { name, key: privateKey };
  const signerDer = issuer ? publicDerOf(issuer.key) : publicDer;
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    commonName(signer.name),
    sequence(derTime(validity.from), derTime(validity.to)),
    commonName(name),
    publicDer,
    tagged(
      3,
      sequence(
        ...extensionsOf(purpose),
        extension('2.5.29.14', octets(keyId(publicDer))),
        extension('2.5.29.35', sequence(der(0x80, keyId(signerDer)))),
      ),
    ),
  );
  const signature = sign('sha256', body, { key: signer.key, dsaEncoding: 'der' });
  return { name, key: privateKey, cert: pem(sequence(body, ecdsaWithSha256, bitString(signature))) };
}

function publicDerOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

export function keyPem(identity: Identity): string {
  return identity.key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export interface TlsOptions {
  /** Only clients with a certificate of the sandbox's CA get in. */
  readonly clientCertificate?: boolean;
  /** Of the server's certificate: to try expired ones. */
  readonly validity?: Validity;
  /** Names and addresses in the server's certificate: to try wrong ones. */
  readonly hosts?: readonly string[];
}

/** Everything in PEM. The key of the CA is discarded, so nothing else can be signed with it. */
interface ThrowawayTls {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

const day = 24 * 3600 * 1000;
const hosts = ['localhost', '127.0.0.1', '::1'];

/** A CA that lives for a month, a server certificate for this machine and a client certificate, from it. */
export function makeThrowawayTls(
  now: number,
  serverValidity?: Validity,
  names: readonly string[] = hosts,
): ThrowawayTls {
  const validity = { from: now - day, to: now + 30 * day };
  const ca = certify('kapadmin sandbox CA', { kind: 'authority' }, validity);
  const server = certify('kapadmin sandbox', { kind: 'server', hosts: names }, serverValidity ?? validity, ca);
  const client = certify('kapadmin sandbox client', { kind: 'client' }, validity, ca);
  return {
    ca: ca.cert,
    server: { cert: server.cert, key: keyPem(server) },
    client: { cert: client.cert, key: keyPem(client) },
  };
}

interface SandboxTlsFiles {
  readonly server: ListenerTls;
  readonly caPath: string;
  readonly clientCertPath: string;
  readonly clientKeyPath: string;
  remove(): Promise<void>;
}

/** Makes a throw-away CA with its certificates; what clients need lies in a folder of its own that only we can read. */
export async function writeTlsFiles(options: TlsOptions, now: number): Promise<SandboxTlsFiles> {
  const made = makeThrowawayTls(now, options.validity, options.hosts);
  const folder = await mkdtemp(path.join(tmpdir(), 'kapadmin-sandbox-'));
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  return {
    server: { ...made.server, clientCa: options.clientCertificate === true ? made.ca : undefined },
    caPath: await write('ca.pem', made.ca),
    clientCertPath: await write('client.pem', made.client.cert),
    clientKeyPath: await write('client-key.pem', made.client.key),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

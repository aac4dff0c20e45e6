import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, der, integer, octets, oid, sequence, tagged, time, yes } from './der.js';
import { alternativeNames, commonName } from './names.js';

export interface Identity {
  readonly name: string;
  readonly key: KeyObject;
  /** PEM. */
  readonly cert: string;
}

export interface Validity {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** What a certificate is for: to sign others, or to show as a server or a client. */
export type Purpose =
  | { readonly kind: 'authority' }
  | { readonly kind: 'server'; readonly hosts: readonly string[] }
  | { readonly kind: 'client' };

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return critical ? sequence(oid(id), yes, octets(value)) : sequence(oid(id), octets(value));
}

/** RFC 5280: basic constraints, key usage, extended key usage, alternative names. */
function extensionsOf(purpose: Purpose): readonly Uint8Array[] {
  if (purpose.kind === 'authority') {
    const signsOthers = bits(Buffer.from([0b0000_0110]), 1);
    return [extension('2.5.29.19', sequence(yes), true), extension('2.5.29.15', signsOthers, true)];
  }
  const usage = oid(purpose.kind === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2');
  return [
    extension('2.5.29.19', sequence(), true),
    extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), true),
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

/** A new P-256 key and its X.509 certificate, signed by `issuer`, or by itself where there is none. */
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
    sequence(time(validity.from), time(validity.to)),
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
  return { name, key: privateKey, cert: pem(sequence(body, ecdsaWithSha256, bits(signature))) };
}

function publicDerOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

export function keyPem(identity: Identity): string {
  return identity.key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

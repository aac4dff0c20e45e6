import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyPairError } from '../../src/go-compat/tls.js';

function pem(name: string): string {
  return readFileSync(new URL(`pem/${name}`, import.meta.url), 'utf8');
}

const certificate = pem('ec.crt');
const key = pem('ec.key');
const noData = (input: string): string => `tls: failed to find any PEM data in ${input} input`;
const skipped = 'after skipping PEM blocks of the following types:';

describe('keyPairFault', () => {
  it('finds nothing wrong with a certificate and its key, in PKCS #8 or SEC 1', () => {
    expect(keyPairError(certificate, key)).toBeUndefined();
    expect(keyPairError(certificate, pem('ec-sec1.key'))).toBeUndefined();
    expect(keyPairError(pem('ed.crt'), pem('ed.key'))).toBeUndefined();
    expect(keyPairError(key + certificate, key + certificate)).toBeUndefined();
  });

  it('is not disturbed by text around the blocks, or by line ends', () => {
    expect(keyPairError(`subject: x\n${certificate.replaceAll('\n', '\r\n')}end`, `x: y\n${key}`)).toBeUndefined();
  });

  it.each([
    ['no PEM at all', 'x', key, noData('certificate')],
    ['no PEM for the key', certificate, '', noData('key')],
    ['a block without its end', certificate.replace(/-----END.*/, ''), key, noData('certificate')],
    [
      'a block with a stray character',
      certificate.replace('MII', 'M*I').replace('\nM', '\n*'),
      key,
      noData('certificate'),
    ],
    [
      'files that are switched',
      key,
      certificate,
      'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    ],
    [
      'a certificate for the key',
      certificate,
      certificate,
      'tls: found a certificate rather than a key in the PEM for the private key',
    ],
    [
      'another kind of block',
      certificate.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
      key,
      `tls: failed to find "CERTIFICATE" PEM block in certificate input ${skipped} [CERTIFICATE REQUEST]`,
    ],
    [
      'other kinds of blocks for the key',
      certificate,
      certificate + certificate,
      `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input ${skipped} [CERTIFICATE CERTIFICATE]`,
    ],
    ['another key', certificate, pem('other.key'), 'tls: private key does not match public key'],
    ['a key of another type', certificate, pem('ed.key'), 'tls: private key type does not match public key type'],
    ['an encrypted key', certificate, pem('ec-encrypted.key'), 'tls: failed to parse private key'],
    [
      'a certificate that is none',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      key,
      'x509: malformed certificate',
    ],
  ])('says of %s what Go says', (_, certificatePem, keyPem, fault) => {
    expect(keyPairError(certificatePem, keyPem)).toBe(fault);
  });
});

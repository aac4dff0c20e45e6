import type { KeyObject, X509Certificate } from 'node:crypto';

/** Loaded when the first certificate is read: an import would cost every `config check` 4 ms. */
const crypto = () => process.getBuiltinModule('node:crypto');

/** The certificate's first block, or Go's error text. */
function certificateBlock(blocks: readonly PemBlock[]): PemBlock | string {
  const block = blocks.find(({ type }) => type === 'CERTIFICATE');
  if (block !== undefined) return block;
  const types = blocks.map(({ type }) => type);
  if (types.length === 0) return 'tls: failed to find any PEM data in certificate input';
  if (types.length === 1 && types[0]?.endsWith('PRIVATE KEY')) {
    const switched = 'but did find a private key; PEM inputs may have been switched';
    return `tls: failed to find certificate PEM data in certificate input, ${switched}`;
  }
  const skipped = `after skipping PEM blocks of the following types: [${types.join(' ')}]`;
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input ${skipped}`;
}

/** The block of the private key, or Go's error text. */
function keyBlock(blocks: readonly PemBlock[]): PemBlock | string {
  const block = blocks.find(({ type }) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'));
  if (block !== undefined) return block;
  const types = blocks.map(({ type }) => type);
  if (types.length === 0) return 'tls: failed to find any PEM data in key input';
  if (types.length === 1 && types[0] === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  const skipped = `after skipping PEM blocks of the following types: [${types.join(' ')}]`;
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input ${skipped}`;
}

function attempt<T>(create: () => T): T | undefined {
  try {
    return create();
  } catch {
    return undefined;
  }
}

function privateKey({ bytes }: PemBlock): KeyObject | undefined {
  for (const type of ['pkcs1', 'pkcs8', 'sec1'] as const) {
    const key = attempt(() => crypto().createPrivateKey({ key: bytes, format: 'der', type }));
    if (key !== undefined) return key;
  }
  return undefined;
}

function isUsable(type: string | undefined): boolean {
  return type === 'rsa' || type === 'ec' || type === 'ed25519';
}

/** The error of Go's tls.X509KeyPair. For a malformed certificate, Go reports more detail. */
export function keyPairError(certificatePem: string, keyPem: string): string | undefined {
  const certificateFound = certificateBlock(pemBlocks(certificatePem));
  if (typeof certificateFound === 'string') return certificateFound;
  const keyFound = keyBlock(pemBlocks(keyPem));
  if (typeof keyFound === 'string') return keyFound;

  const certificate = parseCertificate(certificateFound);
  if (certificate === undefined) return 'x509: malformed certificate';
  const key = privateKey(keyFound);
  if (key?.asymmetricKeyType === 'x25519') return 'tls: found unknown private key type in PKCS#8 wrapping';
  if (key === undefined || !isUsable(key.asymmetricKeyType)) return 'tls: failed to parse private key';
  const type = attempt(() => certificate.publicKey.asymmetricKeyType);
  if (!isUsable(type)) return 'tls: unknown public key algorithm';
  if (key.asymmetricKeyType !== type) return 'tls: private key type does not match public key type';
  return certificate.checkPrivateKey(key) ? undefined : 'tls: private key does not match public key';
}

/** The certificate of a block; undefined where it is malformed. */
export function parseCertificate({ bytes }: PemBlock): X509Certificate | undefined {
  return attempt(() => new (crypto().X509Certificate)(bytes));
}

export interface PemBlock {
  readonly type: string;
  readonly bytes: Buffer;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The blocks of a PEM file, as Go's pem.Decode finds them; broken ones and text between them are skipped. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let type: string | undefined;
  let body: string[] = [];
  for (const line of text.split('\n').map((raw) => raw.replace(/[ \t\r]+$/, ''))) {
    const beginLine = /^-----BEGIN (.*)-----$/.exec(line);
    if (beginLine !== null) {
      type = beginLine[1];
      body = [];
    } else if (line.startsWith('-----END ')) {
      const encoded = body.join('').replace(/[ \t]/g, '');
      if (type !== undefined && line === `-----END ${type}-----` && base64.test(encoded)) {
        blocks.push({ type, bytes: Buffer.from(encoded, 'base64') });
      }
      type = undefined;
    } else if (body.length > 0 || !line.includes(':')) {
      body.push(line);
    }
  }
  return blocks;
}

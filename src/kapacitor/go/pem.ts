import { Buffer } from 'node:buffer';

export interface PemBlock {
  readonly type: string;
  readonly bytes: Buffer;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The blocks of a PEM file, as Go's pem.Decode finds them: what is broken or lies between them is passed over. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let type: string | undefined;
  let body: string[] = [];
  for (const line of text.split('\n').map((raw) => raw.replace(/[ \t\r]+$/, ''))) {
    const begins = /^-----BEGIN (.*)-----$/.exec(line);
    if (begins !== null) {
      type = begins[1];
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

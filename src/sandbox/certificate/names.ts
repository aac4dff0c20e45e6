import { isIP } from 'node:net';
import { der, oid, sequence, set, utf8 } from './der.js';

/** A distinguished name that has a common name only. */
export function commonName(name: string): Uint8Array {
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
export function alternativeNames(hosts: readonly string[]): Uint8Array {
  return sequence(
    ...hosts.map((host) => (isIP(host) === 0 ? der(0x82, Buffer.from(host, 'latin1')) : der(0x87, ipBytes(host)))),
  );
}

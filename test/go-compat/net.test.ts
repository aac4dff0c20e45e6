import { describe, expect, it } from 'vitest';
import { isIPv6 } from '../../src/go-compat/net.js';

describe('isIPv6', () => {
  it.each([
    '::',
    '::1',
    '1::',
    'fe80::1',
    '1:2:3:4:5:6:7:8',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    'FFFF::',
    '1::8',
  ])('takes %s', (text) => {
    expect(isIPv6(text)).toBe(true);
  });

  it.each([
    '',
    ':',
    ':::',
    '1',
    '1.2.3.4',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::1::',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.256',
    '::1.2.3.04',
    '::1.2.3.4:5',
    '1.2.3.4::',
    '1:',
    ':1',
  ])('refuses %j', (text) => {
    expect(isIPv6(text)).toBe(false);
  });
});

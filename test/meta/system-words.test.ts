import { describe, expect, it } from 'vitest';
import { systemWords } from '../../src/meta/transport/reason.js';

describe('attack L16: the words of a TLS error', () => {
  it.each([
    [
      'C0D7E2B8FF7F0000:error:0A000438:SSL routines:ssl3_read_bytes:tlsv1 alert internal error:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1590:SSL alert number 80\n',
      'tlsv1 alert internal error, SSL alert number 80',
    ],
    [
      'write EPROTO C0D7E2B8FF7F0000:error:0A000126:SSL routines::unexpected eof while reading:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:303:\n',
      'write EPROTO unexpected eof while reading',
    ],
    ['certificate has expired', 'certificate has expired'],
  ])('hold no path of the sources of OpenSSL: %j', (message, words) => {
    expect(systemWords(new Error(message))).toBe(words);
  });
});

import { describe, expect, it } from 'vitest';
import { KapadminError } from '../../src/errors.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { parseNode, parseNodes } from '../../src/meta/nodes.js';

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
    ['localhost:8091', 'does not begin with http'],
    ['localhost', 'does not begin with http'],
    ['ftp://host', 'does not begin with http'],
    ['file:///etc/passwd', 'does not begin with http'],
    ['', 'does not begin with http'],
    ['http://', 'is not a URL'],
    ['http://host:99999', 'is not a URL'],
    ['http://host:8091/user', 'has a path'],
    ['http://host:8091?x=1', 'has a path'],
    ['http://host:8091#x', 'has a path'],
    ['http://host\\x', 'has a path'],
    [' http://host:8091', 'holds a blank'],
    ['http://ho\nst:8091', 'holds a blank'],
    ['http://host:8091\u0000', 'holds a blank'],
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
    expect(() => parseNodes([])).toThrow('no meta node is given');
  });
});

it('a client refuses a user name that Basic cannot carry', () => {
  const credentials = { kind: 'basic', username: 'a:b', password: new Secret('x') } as const;
  expect(() => createMetaClient({ nodes: ['http://localhost'], credentials })).toThrow('colon');
});

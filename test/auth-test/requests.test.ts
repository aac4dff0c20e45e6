import { describe, expect, it } from 'vitest';
import { type TestRequestOptions, buildTestRequests } from '../../src/auth-test/requests.js';
import { basicHeader } from '../../src/go-compat/base64.js';
import { endpoints } from '../../src/model/kapacitor-endpoints.js';
import { Secret } from '../../src/model/secret.js';

const url = 'http://kapacitor:9092/kapacitor/v1/tasks';
const urlSource = '--url';

function headers(
  options: Partial<TestRequestOptions>,
  password?: string,
  token?: string,
): readonly (readonly string[])[] {
  const secret = (text: string | undefined): Secret | undefined => (text === undefined ? undefined : new Secret(text));
  return buildTestRequests({ urlSource, url, ...options }, secret(password), secret(token))[0]?.request.headers ?? [];
}

const host = ['Host', 'kapacitor:9092'];

describe('the request of a URL', () => {
  it('is a GET of its path, as it is written', () => {
    expect(buildTestRequests({ urlSource, url: `${url}/\u00e9//?x` }, undefined, undefined)).toEqual([
      {
        origin: 'http://kapacitor:9092',
        request: { method: 'GET', target: '/kapacitor/v1/tasks/\u00c3\u00a9//?x', headers: [host] },
        method: 'GET',
        path: '/kapacitor/v1/tasks/\u00e9//?x',
        what: undefined,
      },
    ]);
  });

  it('has another method where one is given', () => {
    expect(buildTestRequests({ urlSource, url, method: 'DELETE' }, undefined, undefined)[0]?.request.method).toBe(
      'DELETE',
    );
  });

  it('has the credentials of --user, of the URL, or a bearer token', () => {
    expect(headers({ user: 'a' }, 'b')).toEqual([['Authorization', basicHeader('a', 'b')], host]);
    expect(headers({ user: 'a' })).toEqual([['Authorization', basicHeader('a', '')], host]);
    expect(headers({ url: 'http://a:b@kapacitor:9092/x' })).toEqual([['Authorization', basicHeader('a', 'b')], host]);
    expect(headers({}, undefined, 'x.y.z')).toEqual([['Authorization', 'Bearer x.y.z'], host]);
  });

  it('has other headers before them, so that those count', () => {
    expect(headers({ header: ['Authorization: Basic x', 'X:y:z ', 'Host: other'], user: 'a' }, 'b')).toEqual([
      ['Authorization', 'Basic x'],
      ['X', 'y:z'],
      ['Host', 'other'],
      ['Authorization', basicHeader('a', 'b')],
    ]);
  });

  it('shows no password of its query', () => {
    const [asked] = buildTestRequests({ urlSource, url: `${url}?u=a&p=s3cret&q=p` }, undefined, undefined);
    expect(asked?.path).toBe('/kapacitor/v1/tasks?u=a&p=***&q=p');
    expect(asked?.request.target).toContain('p=s3cret');
  });
});

describe('a URL without a path', () => {
  it('is the standard endpoints, each with its method', () => {
    const all = buildTestRequests({ urlSource, url: 'http://kapacitor' }, undefined, undefined);
    expect(all.map(({ method, path }) => [method, path])).toEqual(
      endpoints.filter((one) => one.isDefault).map(({ method, path }) => [method, path]),
    );
    expect(all.length).toBeGreaterThanOrEqual(6);
    expect(all.every(({ what }) => what !== undefined)).toBe(true);
  });

  it('takes no method', () => {
    expect(() =>
      buildTestRequests({ urlSource, url: 'http://kapacitor/', method: 'GET' }, undefined, undefined),
    ).toThrow('needs a path');
  });
});

describe('what does not go together', () => {
  it('is --user and an account in the URL', () => {
    expect(() => buildTestRequests({ urlSource, url: 'http://a:b@h/x', user: 'c' }, undefined, undefined)).toThrow(
      'cannot combine --user with',
    );
  });

  it.each(['X', ':x', ''])('is the header %j', (header) => {
    expect(() => buildTestRequests({ urlSource, url, header: [header] }, undefined, undefined)).toThrow(
      'does not have the form "Name: value"',
    );
  });
});

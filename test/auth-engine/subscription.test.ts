import { describe, expect, it } from 'vitest';
import { answer, basic, Kapacitor, step } from './engine.js';

function says(token: string, kapacitor = new Kapacitor({})): string {
  return kapacitor.says({ authorization: basic('~subscriber', token) });
}

describe('a subscription token', () => {
  it.each(['abc', 'ABC.def-ghi_0@9', '\u00e9\u00fc', '\u65e5\u672c', '-', '.'])('%j is not known', (token) => {
    expect(says(token)).toBe('401 invalid subscription token');
  });

  it.each([
    ['', '""'],
    ['a b', '"a b"'],
    ['a:b', '"a:b"'],
    ['a\n', '"a\\n"'],
    ['a"', '"a\\""'],
    ['a/b', '"a/b"'],
    ['\u0663', '"\u00d9\u00a3"'],
    ['a\u0301', '"a\u00cc\u0081"'],
    ['\ud83d\ude00', '"\u00f0\u009f\u0098\u0080"'],
  ])('%j is no username', (token, quoted) => {
    expect(says(token)).toBe(`401 token must be a valid username: ${quoted}`);
  });

  it('must be UTF-8', () => {
    const authorization = `Basic ${Buffer.from('~subscriber:a\u00ff', 'latin1').toString('base64')}`;
    expect(new Kapacitor({}).says({ authorization })).toBe('401 token must be a valid username: "a\\xff"');
  });

  it('is never asked of the meta node', () => {
    const kapacitor = new Kapacitor({});
    says('abc', kapacitor);
    expect(kapacitor.asked).toEqual([]);
  });

  it('is anybody where authentication is off behind auth-enabled', () => {
    const kapacitor = new Kapacitor({}, { users: 'noauth' });
    const request = { authorization: basic('~subscriber', 'a b') };
    expect(kapacitor.verdict(request)).toMatchObject({ verdict: 'allow', user: 'subscription-user' });
  });

  it('is known where the user cache holds a user of that name', () => {
    const document = { users: [{ name: '_sub:abc', hash: 'x', permissions: { '': ['KapacitorAPI'] } }] };
    const kapacitor = new Kapacitor(() => answer(200, document));
    kapacitor.says({ user: 'somebody', password: 'x' });
    const trace = kapacitor.trace({ authorization: basic('~subscriber', 'abc') });
    expect(step(trace, 'subscription')).toMatchObject({ outcome: 'pass', rule: '2.5', message: undefined });
    expect(step(trace, 'verdict').verdict).toBe('allow');
  });
});

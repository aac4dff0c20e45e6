import { describe, expect, it } from 'vitest';
import { parseTimePoints } from '../../src/auth-test/requests.js';

describe('moments', () => {
  it('are one without a name where nothing is said', () => {
    expect(parseTimePoints(undefined)).toEqual([{ text: '', now: 0 }]);
  });

  it('are those of --at', () => {
    expect(parseTimePoints('0s, 5m,5m,1h30m')).toEqual([
      { text: '0s', now: 0 },
      { text: '5m', now: 300e9 },
      { text: '5m', now: 300e9 },
      { text: '1h30m', now: 5400e9 },
    ]);
  });

  it.each([
    ['5m,1m', '--at: 1m is earlier than the time before it'],
    ['', '--at: "" is not a duration'],
    ['-1s', '--at: "-1s" is not a duration'],
    ['1d', 'is not a duration such as 5m'],
  ])('%j is refused: %s', (at, message) => {
    expect(() => parseTimePoints(at)).toThrow(message);
  });
});

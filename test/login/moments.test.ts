import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../src/login/moments.js';

describe('moments', () => {
  it('are one without a name where nothing is said', () => {
    expect(momentsOf({})).toEqual([{ text: '', now: 0 }]);
  });

  it('are those of --at', () => {
    expect(momentsOf({ at: '0s, 5m,5m,1h30m' })).toEqual([
      { text: '0s', now: 0 },
      { text: '5m', now: 300e9 },
      { text: '5m', now: 300e9 },
      { text: '1h30m', now: 5400e9 },
    ]);
  });

  it('are so many of --repeat, --every apart', () => {
    expect(momentsOf({ repeat: '3', every: '10m' })).toEqual([
      { text: '0s', now: 0 },
      { text: '1 x 10m', now: 600e9 },
      { text: '2 x 10m', now: 1200e9 },
    ]);
  });

  it.each([
    [{ at: '5m,1m' }, '--at: 1m lies before the moment in front of it'],
    [{ at: '' }, '--at: "" is not a duration'],
    [{ at: '-1s' }, '--at: "-1s" is not a duration'],
    [{ at: '1d' }, 'is not a duration such as 5m'],
    [{ at: '0s', repeat: '2' }, '--at and --repeat exclude each other'],
    [{ repeat: '0', every: '5m' }, '--repeat: expected a number from 1 to 10000'],
    [{ repeat: '10001', every: '5m' }, '--repeat: expected a number from 1 to 10000'],
    [{ repeat: 'x', every: '5m' }, '--repeat: expected a number'],
    [{ repeat: '2' }, '--repeat needs --every'],
    [{ every: '5m' }, '--repeat: expected a number'],
    [{ repeat: '2', every: 'x' }, '--every: "x" is not a duration'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => momentsOf(options)).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { whyNoYaml } from '../../src/model/nesting.js';

const deep = 'it is nested too deeply';
const large = 'it is too large for YAML: write JSON';

describe('a text that the parser of YAML is not given', () => {
  it('is nested without end, and not only long', () => {
    expect(whyNoYaml('['.repeat(501))).toBe(deep);
    expect(whyNoYaml(`a: ${'{b: '.repeat(501)}`)).toBe(deep);
    expect(whyNoYaml('['.repeat(500))).toBe(undefined);
    expect(whyNoYaml('[{}]'.repeat(10_000))).toBe(undefined);
  });

  it.each(['\n', ',', '[]', '{}', ': ', '""', "''", '&a ', '!a ', '*a ', '%a\n'])('holds too many of %j', (mark) => {
    expect(whyNoYaml(mark.repeat(101), 100)).toBe(large);
    expect(whyNoYaml(mark.repeat(50), 100)).toBe(undefined);
  });

  it('is not one that is long and has few marks', () => {
    expect(whyNoYaml('x'.repeat(1000), 100)).toBe(undefined);
  });
});

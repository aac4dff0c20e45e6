import { describe, expect, it } from 'vitest';
import { parserMessage, yamlLimitError, yamlParserMessage } from '../../src/model/parser-limits.js';
import { parseDocument } from 'yaml';

const deep = 'it is nested too deeply';
const large = 'it is too large for YAML: use JSON';

describe('a text that the parser of YAML is not given', () => {
  it('is nested without end, and not only long', () => {
    expect(yamlLimitError('['.repeat(501))).toBe(deep);
    expect(yamlLimitError(`a: ${'{b: '.repeat(501)}`)).toBe(deep);
    expect(yamlLimitError(`a:\n  ${'- '.repeat(501)}x`)).toBe(deep);
    expect(yamlLimitError('['.repeat(500))).toBe(undefined);
    expect(yamlLimitError('- x\n'.repeat(1000))).toBe(undefined);
    expect(yamlLimitError('[{}]'.repeat(10_000))).toBe(undefined);
  });

  it.each(['\n', ',', '[]', '{}', ': ', '""', "''", '&a ', '!a ', '*a ', '%a\n'])('holds too many of %j', (mark) => {
    expect(yamlLimitError(mark.repeat(101), 100)).toBe(large);
    expect(yamlLimitError(mark.repeat(50), 100)).toBe(undefined);
  });

  it('is not one that is long and has few marks', () => {
    expect(yamlLimitError('x'.repeat(1000), 100)).toBe(undefined);
  });
});

function faultOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return parserMessage(error);
  }
  return '';
}

describe('what a parser found', () => {
  it.each([
    ['hunter2', "Unexpected token 'h' where JSON has none"],
    ['{"password": hunter2, "more": "and more and more"}', "Unexpected token 'h' where JSON has none"],
    ['{"password": "hunter2', 'Unterminated string in JSON at position 21'],
    ['', 'Unexpected end of JSON input'],
  ])('in JSON is told without the text: %j', (text, fault) => {
    // Later versions of Node add the line and the column.
    expect(faultOf(text).replace(/ \(line.*\)$/, '')).toBe(fault);
  });

  it.each([
    ['password: hunter2\npassword: hunter3', 'Map keys must be unique at line 2, column 1'],
    ['password: "hunter2', 'Missing closing "quote at line 1, column 19'],
    ['a: 1\n---\nb: hunter2', 'Source contains multiple documents at line 2, column 1'],
    ['a: !hunter2 more', 'Unresolved tag at line 1, column 4'],
    ['a: 1', undefined],
  ])('in YAML is told without the text: %j', (text, fault) => {
    expect(yamlParserMessage(parseDocument(text, { prettyErrors: false }), text)).toBe(fault);
  });
});

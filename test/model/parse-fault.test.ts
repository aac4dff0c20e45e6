import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseFault } from '../../src/model/parse-fault.js';

function faultOf(read: (text: string) => unknown, text: string): string {
  try {
    read(text);
  } catch (error) {
    return parseFault(error);
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
    expect(faultOf((given) => JSON.parse(given) as unknown, text).replace(/ \(line.*\)$/, '')).toBe(fault);
  });

  it.each([
    ['password: hunter2\npassword: hunter3', 'Map keys must be unique at line 2, column 1'],
    ['password: "hunter2', 'Missing closing "quote at line 1, column 19'],
    ['a: 1\n---\nb: hunter2', 'Source contains multiple documents at line 2, column 1'],
  ])('in YAML is told without the text: %j', (text, fault) => {
    expect(faultOf((given) => parse(given) as unknown, text)).toBe(fault);
  });
});

import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { parseFault, yamlFault } from '../../src/model/parse-fault.js';

function faultOf(text: string): string {
  try {
    JSON.parse(text);
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
    expect(faultOf(text).replace(/ \(line.*\)$/, '')).toBe(fault);
  });

  it.each([
    ['password: hunter2\npassword: hunter3', 'Map keys must be unique at line 2, column 1'],
    ['password: "hunter2', 'Missing closing "quote at line 1, column 19'],
    ['a: 1\n---\nb: hunter2', 'Source contains multiple documents at line 2, column 1'],
    ['a: !hunter2 more', 'Unresolved tag at line 1, column 4'],
    ['a: 1', undefined],
  ])('in YAML is told without the text: %j', (text, fault) => {
    expect(yamlFault(parseDocument(text, { prettyErrors: false }), text)).toBe(fault);
  });
});

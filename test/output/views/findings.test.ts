import { describe, expect, it } from 'vitest';
import { makeStyle, plainStyle } from '../../../src/output/style.js';
import { findingsView } from '../../../src/output/views/findings.js';
import { checkConfig } from '../../../src/diagnostics/config/check-config.js';
import { faulty } from '../../fuzz/config/expected.js';
import { casesOf, inputOf, tlsFiles } from '../../diagnostics/config/corpus.js';
import { readJunit } from '../formats/junit-reader.js';
import type { FindingsReport } from '../../../src/diagnostics/finding.js';
import { printed } from '../printed.js';
import { report } from './findings-report.js';
import { findingsFaults, sarifFaults } from './schemas.js';
import { readXml } from '../formats/xml.js';

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations?: readonly object[];
    }[];
  }[];
}

function sarifOf(of = report): Sarif {
  return JSON.parse(findingsView.extra?.sarif?.(of) ?? '') as Sarif;
}

function junitOf(of = report): string {
  return findingsView.extra?.junit?.(of) ?? '';
}

const all = [
  ...casesOf('good').map((name) => ({ kind: 'good' as const, name })),
  ...casesOf('faulty').map((name) => ({ kind: 'faulty' as const, name })),
];

describe('findings as SARIF', () => {
  it('fit the schema of SARIF 2.1.0', () => {
    expect(sarifFaults(sarifOf())).toBe('');
  });

  it('are told apart from what is no SARIF', () => {
    expect(sarifFaults({ version: '2.1.0', runs: [{ tool: {} }] })).toContain('driver');
  });

  it('name their rules, with the severity as level', () => {
    const [run] = sarifOf().runs;
    const levels = run?.results.map(({ ruleId, ruleIndex, level }) => [
      run.tool.driver.rules[ruleIndex]?.id === ruleId,
      level,
    ]);
    expect(levels).toEqual([
      [true, 'error'],
      [true, 'error'],
      [true, 'error'],
      [true, 'error'],
      [true, 'warning'],
      [true, 'note'],
    ]);
  });

  it('lie in files as URIs, relative to where the command ran, or in what has a name alone', () => {
    expect(sarifOf().runs[0]?.results.map(({ locations }) => locations?.[0])).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'file:///srv/a%20%22b%22%0A%3Cc%3E%26%E2%80%AE%07/kapacitor.conf' },
          region: { startLine: 3, startColumn: 5 },
        },
      },
      { physicalLocation: { artifactLocation: { uri: 'kapacitor.conf' }, region: { startLine: 1 } } },
      { physicalLocation: { artifactLocation: { uri: 'kapacitor.conf' } } },
      {
        physicalLocation: { artifactLocation: { uri: 'file:///srv/kapacitor.env' }, region: { startLine: 7 } },
        logicalLocations: [{ fullyQualifiedName: 'KAPACITOR_X of /srv/kapacitor.env:7' }],
      },
      { logicalLocations: [{ fullyQualifiedName: 'http://meta1:8091' }] },
      { logicalLocations: [{ fullyQualifiedName: 'KAPACITOR_Y of the shell' }] },
    ]);
  });

  it.each(all)('of $kind/$name fit the schema', ({ kind, name }) => {
    const found = checkConfig(inputOf(kind, name, faulty[name]), tlsFiles);
    expect(sarifFaults(sarifOf(found))).toBe('');
    expect(sarifOf(found).runs[0]?.results).toHaveLength(found.findings.length);
  });
});

describe('findings as JUnit', () => {
  it('are read back: a case for each rule that was looked at', () => {
    expect(readJunit(junitOf()).map(({ suite, name, end }) => [suite, name.split(':')[0], end])).toEqual([
      ['config check', 'noauth', 'failed'],
      ['config check', 'misspelt-key', 'failed'],
      ['config check', 'misspelt-variable', 'failed'],
      ['config check', 'meta-no-account', 'failed'],
      ['config check', 'variable-empty', 'passed'],
      ['config check', 'cache-off', 'passed'],
      ['config check', 'cache-long', 'skipped'],
    ]);
  });

  it('hold fact, place, consequence and fix of all findings of a rule', () => {
    const [noauth, misspelt] = readJunit(junitOf());
    expect(noauth?.text).toBe(
      [
        'error: Both are off.',
        String.raw`at /srv/a "b"\x0a<c>&\u202e\x07/kapacitor.conf:3:5`,
        'Anyone who sends any user name and password has full access.',
        'Set below [auth]: enabled = true',
      ].join('\n'),
    );
    expect(misspelt?.text).toMatch(/^error: "a" & <b>\nat [^]*\n\nerror: second\nat /);
  });

  it('are read by a reader that notices what is wrong', () => {
    expect(() => readXml('<a><b></a></b>')).toThrow('</a> closes <b>');
    expect(() => readXml('<a>&nbsp;</a>')).toThrow('no entity');
    expect(() => readXml('<a>\u0007</a>')).toThrow('cannot hold');
    expect(() => readJunit('<testsuites><testsuite tests="1" failures="0" skipped="0"/></testsuites>')).toThrow(
      'counts',
    );
  });

  it.each(all)('of $kind/$name are read back', ({ kind, name }) => {
    const found = checkConfig(inputOf(kind, name, faulty[name]), tlsFiles);
    const failed = readJunit(junitOf(found)).filter(({ end }) => end === 'failed');
    const bad = new Set(found.findings.filter(({ severity }) => severity !== 'info').map(({ id }) => id));
    expect(failed.map(({ name: told }) => told.split(':')[0] ?? '').toSorted()).toEqual([...bad].toSorted());
  });
});

/** As a reader of the printed JSON has it. */
function jsonOf(of: FindingsReport): unknown {
  return JSON.parse(JSON.stringify(findingsView.json(of)));
}

describe('findings as JSON', () => {
  it('fit the schema that the package carries', () => {
    expect(findingsFaults(jsonOf(report))).toBe('');
    expect(findingsFaults({ command: 'config check' })).toContain('findings');
  });

  it.each(all)('of $kind/$name fit it', ({ kind, name }) => {
    expect(findingsFaults(jsonOf(checkConfig(inputOf(kind, name, faulty[name]), tlsFiles)))).toBe('');
  });

  it('count themselves', () => {
    expect(findingsView.json(report)).toMatchObject({ counts: { error: 4, warning: 1, info: 1 } });
  });
});

describe('findings as text', () => {
  const text = printed(findingsView.text(report, plainStyle));

  it('say where, why, what follows and what to do', () => {
    expect(text).toContain(
      [
        'error: Any user name with any password is an administrator (noauth)  noauth',
        String.raw`  at /srv/a "b"\x0a<c>&\u202e\x07/kapacitor.conf:3:5`,
        '  Both are off.',
        '  Anyone who sends any user name and password has full access.',
        '  Set below [auth]: enabled = true',
        '',
      ].join('\n'),
    );
  });

  it('tell several of a kind under one head', () => {
    expect(text.match(/misspelt-key/g)).toHaveLength(1);
    expect(text).toMatch(
      /kapacitor\.conf:1\n {2}"a" & <b>\n {2}at \/srv\/x\/kapacitor\.conf\n {2}second\n {2}The setting/,
    );
  });

  it('end with what was not checked, the counts, and what fixes several', () => {
    expect(text).toMatch(
      /\n\nNot checked, because nothing is known: cache-long\n\n4 errors, 1 warning, 1 info\nTo fix all: kapadmin config fix\n$/,
    );
  });

  it('say so where there are none', () => {
    const nothing = printed(findingsView.text({ ...report, findings: [], unchecked: [], next: [] }, plainStyle));
    expect(nothing).toMatch(/\n\nNo problems found\.\n$/);
  });

  it('are coloured on a terminal, the words the same', () => {
    const coloured = printed(findingsView.text(report, makeStyle(1, true, 80)));
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(text);
    expect(coloured).toContain('\u001b[31merror\u001b[39m');
  });
});

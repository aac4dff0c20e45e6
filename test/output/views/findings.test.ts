import { describe, expect, it } from 'vitest';
import { loadColors, plainStyle } from '../../../src/output/style.js';
import { findingsView as viewFor } from '../../../src/output/views/findings.js';
import { checkConfig } from '../../../src/diagnostics/config/fix-config.js';
import { faulty } from '../../fuzz/config/expected.js';
import { casesOf, inputOf, tlsFiles } from '../../diagnostics/config/corpus.js';
import { renderSarif } from '../../../src/output/formats/sarif.js';
import { readJunit } from '../formats/junit-reader.js';
import { renderJunit } from '../../../src/output/formats/junit.js';
import {
  finding,
  type FindingsReport,
  getRule,
  rulesFoundBy,
  type Severity,
} from '../../../src/diagnostics/finding.js';
import { printed } from '../printed.js';
import { output, report } from './findings-report.js';
import { findingsFaults, sarifFaults } from './schemas.js';
import { codeScanningFaults } from '../formats/github-sarif.js';
import { readXml } from '../formats/xml.js';

const findingsView = viewFor(output);

interface Sarif {
  readonly runs: readonly {
    readonly automationDetails: { readonly id: string };
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly properties: object }[] };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations?: readonly object[];
      readonly partialFingerprints: { readonly primaryLocationLineHash: string };
    }[];
  }[];
}

function sarifOf(of = report): Sarif {
  return JSON.parse(renderSarif(of, output.base, output.anchor ?? '')) as Sarif;
}

function junitOf(of = report, failOn: Severity = 'warning'): string {
  return renderJunit(viewFor({ ...output, failOn }).extra?.junit?.(of) ?? []);
}

const all = [
  ...casesOf('good').map((name) => ({ kind: 'good' as const, name })),
  ...casesOf('faulty').map((name) => ({ kind: 'faulty' as const, name })),
];

describe('findings as SARIF', () => {
  it('fit the schema of SARIF 2.1.0', () => {
    expect(sarifFaults(sarifOf())).toBe('');
  });

  it('are distinguished from what is no SARIF', () => {
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

  it('lie in files as URIs, relative to where the command ran; what lies in none is shown in the anchor', () => {
    const region = (line: number, column = 1): object => ({
      startLine: line,
      startColumn: column,
      endLine: line,
      endColumn: column + 1,
    });
    const anchor = { artifactLocation: { uri: 'conf/anchor.conf' }, region: region(1) };
    expect(sarifOf().runs[0]?.results.map(({ locations }) => locations)).toEqual(
      [
        {
          physicalLocation: {
            artifactLocation: { uri: 'file:///srv/a%20%22b%22%0A%3Cc%3E%26%E2%80%AE%07/kapacitor.conf' },
            region: region(3, 5),
          },
        },
        { physicalLocation: { artifactLocation: { uri: 'kapacitor.conf' }, region: region(1) } },
        { physicalLocation: { artifactLocation: { uri: 'kapacitor.conf' }, region: region(1) } },
        {
          physicalLocation: { artifactLocation: { uri: 'file:///srv/kapacitor.env' }, region: region(7) },
          logicalLocations: [{ fullyQualifiedName: 'KAPACITOR_X of /srv/kapacitor.env:7' }],
        },
        { physicalLocation: anchor, logicalLocations: [{ fullyQualifiedName: 'http://meta1:8091' }] },
        { physicalLocation: anchor, logicalLocations: [{ fullyQualifiedName: 'KAPACITOR_Y of the shell' }] },
      ].map((location) => [location]),
    );
  });

  it('meet what GitHub requires', () => {
    expect(codeScanningFaults(sarifOf())).toEqual([]);
    expect(sarifOf().runs[0]?.automationDetails.id).toBe('kapadmin/config-check/conf/anchor.conf/');
  });

  it('are distinguished from what GitHub rejects or does not show', () => {
    const log = sarifOf();
    const run = log.runs[0]!;
    const without = (key: string): object => ({
      ...log,
      runs: [{ ...run, results: run.results.map((one) => ({ ...one, [key]: undefined })) }],
    });
    expect(codeScanningFaults(without('locations'))).toContain('result noauth: has 0 locations');
    expect(codeScanningFaults(without('partialFingerprints')).join()).toContain('primaryLocationLineHash');
    expect(codeScanningFaults({ ...log, runs: [{ ...run, automationDetails: { id: 'x' } }] })).toEqual([
      'automationDetails.id names no category: x',
    ]);
    const twice = { ...log, runs: [{ ...run, results: [run.results[0], run.results[0]] }] };
    expect(codeScanningFaults(twice)).toContain('two results are one alert');
  });

  it('rank every rule: access as a vulnerability, anything else as a problem', () => {
    for (const foundBy of ['config check', 'doctor'] as const) {
      const log = sarifOf({ ...report, foundBy, findings: [], checked: rulesFoundBy(foundBy), unchecked: [] });
      expect(codeScanningFaults(log)).toEqual([]);
      const properties = new Map(log.runs[0]?.tool.driver.rules.map((rule) => [rule.id, rule.properties]));
      if (foundBy === 'doctor') continue;
      expect(properties.get('noauth')).toEqual({ tags: ['security'], 'security-severity': '9.1' });
      expect(properties.get('file-syntax')).toEqual({ 'problem.severity': 'error' });
    }
  });

  it('are one alert from run to run, whatever moves the lines, and two where two users have the same', () => {
    const hashes = (...findings: FindingsReport['findings']): readonly string[] =>
      sarifOf({ ...report, findings }).runs[0]?.results.map((one) => one.partialFingerprints.primaryLocationLineHash) ??
      [];
    const inFile = (line: number): FindingsReport['findings'][number] =>
      finding('misspelt-key', `line ${line}: "x"`, { place: { in: 'file', file: '/srv/x/k.conf', line } });
    const ofUser = (user: string): FindingsReport['findings'][number] =>
      finding('permission-unknown', 'has Nope.', { place: { in: 'cluster', user } });
    expect(hashes(inFile(3))).toEqual(hashes(inFile(14)));
    const elsewhere = finding('misspelt-key', 'line 3 of /srv/x/k.conf', {});
    const hash = (base: string, one: typeof elsewhere): string | undefined =>
      /primaryLocationLineHash": "(\w+)/.exec(
        renderSarif({ ...report, findings: [one] }, base, output.anchor ?? ''),
      )?.[1];
    expect(hash('/srv/x', elsewhere)).toBe(hash('/ci', { ...elsewhere, fact: 'line 3 of /ci/k.conf' }));
    expect(new Set(hashes(inFile(3), inFile(4), ofUser('a1'), ofUser('a2'))).size).toBe(4);
  });

  it.each(all)('of $kind/$name fit the schema', ({ kind, name }) => {
    const found = checkConfig(inputOf(kind, name, faulty[name]), tlsFiles);
    expect(sarifFaults(sarifOf(found))).toBe('');
    expect(codeScanningFaults(sarifOf(found))).toEqual([]);
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

  it('fail from the severity that --fail-on names; what is less bad is reported of a case that passed', () => {
    const ends = (failOn: Severity): readonly string[] => readJunit(junitOf(report, failOn)).map(({ end }) => end);
    expect(ends('warning')).toEqual(['failed', 'failed', 'failed', 'failed', 'passed', 'passed', 'skipped']);
    expect(ends('error')).toEqual(['failed', 'failed', 'failed', 'passed', 'passed', 'passed', 'skipped']);
    const [, , , warned, noted] = readJunit(junitOf(report, 'error'));
    expect(warned?.text).toMatch(/^warning: nobody\nat http:\/\/meta1:8091\n/);
    expect(noted?.text).toMatch(/^info: empty\n/);
  });

  it('fail by a rule that was looked at in part', () => {
    const found = { ...report, unchecked: [{ rule: getRule('noauth'), why: 'not all of it' }], checked: [] };
    expect(readJunit(junitOf(found)).map(({ end }) => end)).toEqual(['failed']);
  });

  it('are read by a reader that notices what is wrong', () => {
    expect(() => readXml('<a><b></a></b>')).toThrow('</a> closes <b>');
    expect(() => readXml('<a>&nbsp;</a>')).toThrow('no entity');
    expect(() => readXml('<a>\u0007</a>')).toThrow('cannot hold');
    expect(() =>
      readJunit('<testsuites><testsuite tests="1" failures="0" skipped="0" time="0.000"/></testsuites>'),
    ).toThrow('counts');
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
      /kapacitor\.conf:1\n {2}"a" & <b>\n {2}at \/srv\/x\/kapacitor\.conf\n {2}second\n {2}The value is not used/,
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

  it('are coloured on a terminal, the words the same', async () => {
    const coloured = printed(findingsView.text(report, { color: await loadColors(1), terminal: true, columns: 80 }));
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(text);
    expect(coloured).toContain('\u001b[31merror\u001b[39m');
  });
});

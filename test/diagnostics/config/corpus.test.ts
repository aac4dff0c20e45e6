import { describe, expect, it } from 'vitest';
import { checkConfig, fixConfig } from '../../../src/diagnostics/config/fix-config.js';
import { redactConfig } from '../../../src/diagnostics/config/redact.js';
import { effectiveConfig } from '../../../src/diagnostics/config/facts.js';
import { otherSectionFaults, readConfiguration } from '../../../src/kapacitor-config/read-and-validate.js';
import { defaultVersion } from '../../../src/model/kapacitor-versions.js';
import { rulesFoundBy } from '../../../src/diagnostics/finding.js';
import { faulty } from '../../fuzz/config/expected.js';
import { casesOf, inputOf, secretPieces, tlsFiles, withText } from './corpus.js';

function idsOf(findings: readonly { readonly id: string }[]): readonly string[] {
  return findings.map(({ id }) => id);
}

const all = [
  ...casesOf('good').map((name) => ({ kind: 'good' as const, name, modes: {} })),
  ...casesOf('faulty').map((name) => ({ kind: 'faulty' as const, name, modes: faulty[name] ?? {} })),
];

describe('the corpus of configurations', () => {
  it('is large enough, and each faulty file is in the table', () => {
    expect(casesOf('good').length).toBeGreaterThanOrEqual(10);
    expect(casesOf('faulty').length).toBeGreaterThanOrEqual(43);
    expect(casesOf('faulty')).toEqual(Object.keys(faulty).toSorted());
  });

  it('has a case for every finding of config check', () => {
    const found = new Set(Object.values(faulty).flatMap(({ finds }) => finds));
    // data_dir has a value in all of them: see field-config.test.ts.
    found.add('data-dir-missing');
    expect(rulesFoundBy('config check').filter(({ id }) => !([...found] as string[]).includes(id))).toEqual([]);
  });

  it.each(casesOf('good'))('finds nothing in %s, and changes nothing', (name) => {
    const input = { ...inputOf('good', name), version: defaultVersion };
    expect(checkConfig(input, tlsFiles).findings).toEqual([]);
    const { before, after } = fixConfig(input, tlsFiles);
    expect(after).toBe(before);
  });

  it.each(Object.entries(faulty))('finds what is wrong with %s, and nothing else', (name, { finds, ...modes }) => {
    expect(idsOf(checkConfig(inputOf('faulty', name, modes), tlsFiles).findings)).toEqual(finds);
  });

  it.each(Object.entries(faulty))('fixes of %s what can be fixed', (name, { finds, left, ...modes }) => {
    const input = inputOf('faulty', name, modes);
    const { before, after, remaining: still } = fixConfig(input, tlsFiles);
    if (left === undefined) expect(after).toBe(before);
    else expect(after).not.toBe(before);
    expect(idsOf(still).toSorted()).toEqual((left ?? finds).toSorted());
    expect(idsOf(checkConfig(withText(input, after), tlsFiles).findings).toSorted()).toEqual(idsOf(still).toSorted());
  });

  it.each(all)('$kind/$name: fixing twice is fixing once', ({ kind, name, modes }) => {
    const input = inputOf(kind, name, modes);
    const once = fixConfig(input, tlsFiles).after;
    const twice = fixConfig(withText(input, once), tlsFiles);
    expect(twice.after).toBe(once);
    expect(twice.fixed).toEqual([]);
  });

  it.each(all)('$kind/$name: comments and the order of what is left stay', ({ kind, name, modes }) => {
    const { before, after } = fixConfig(inputOf(kind, name, modes), tlsFiles);
    const comments = (text: string): readonly string[] => text.match(/#[^\n"]*$/gm) ?? [];
    expect(comments(after)).toEqual(comments(before));
  });

  it.each(all)('$kind/$name: a finding of a refusal stands there exactly when the daemon refuses', ({ kind, name }) => {
    const input = inputOf(kind, name);
    const reading = readConfiguration(input.file?.content ?? '', input.environment.variables);
    const { findings } = checkConfig(input, tlsFiles);
    const isTold = findings.some(({ id, fact }) => fact.startsWith('The daemon says: ') || id === 'template-file');
    const rest = otherSectionFaults(input.file?.content ?? '', input.environment.variables);
    expect(isTold).toBe(!reading.starts || rest.length > 0);
    expect(effectiveConfig(input, tlsFiles).settings.length > 0).toBe(reading.starts);
  });

  it.each(all)('$kind/$name: no secret in findings, values and what is shown of the file', ({ kind, name, modes }) => {
    const input = inputOf(kind, name, modes);
    const { before, after, fixed, remaining } = fixConfig(input, tlsFiles);
    const told = JSON.stringify([checkConfig(input, tlsFiles), effectiveConfig(input, tlsFiles), fixed, remaining]);
    const shown = told + redactConfig(before) + redactConfig(after);
    expect(secretPieces.filter((piece) => shown.includes(piece))).toEqual([]);
  });
});

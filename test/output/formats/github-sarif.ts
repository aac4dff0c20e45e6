// What GitHub states of a SARIF file that code scanning takes and shows: the required properties and the limits of
// "SARIF support for code scanning" (github/docs, content/code-security/reference/code-scanning/sarif-files/
// sarif-support.md and data/reusables/code-scanning/sarif-limits.md).
import { gzipSync } from 'node:zlib';

type Json = { readonly [key: string]: unknown };

const maxRuns = 20;
const maxResults = 5000;
const maxRules = 25_000;
const maxLocations = 10;
const maxTags = 10;
const maxText = 1024;
const maxPackedBytes = 10 * 1024 * 1024;

function at(value: unknown, keys: string): unknown {
  return keys.split('.').reduce<unknown>((of, key) => (of as Json | undefined)?.[key], value);
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** An explicit value, which the empty string is not. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isScore(value: unknown): boolean {
  return typeof value === 'string' && /^\d+\.\d$/.test(value) && Number(value) > 0 && Number(value) <= 10;
}

function ruleFaults(rule: Json): readonly string[] {
  const required = ['id', 'shortDescription.text', 'fullDescription.text', 'help.text', 'helpUri'];
  const score = at(rule, 'properties.security-severity');
  const problem =
    at(rule, 'properties.problem.severity') ?? (rule['properties'] as Json | undefined)?.['problem.severity'];
  const tags = list(at(rule, 'properties.tags')) as readonly unknown[];
  return [
    ...required.filter((keys) => !isGiven(at(rule, keys))).map((keys) => `has no ${keys}`),
    ...['shortDescription.text', 'fullDescription.text']
      .filter((keys) => String(at(rule, keys)).length > maxText)
      .map((keys) => `${keys} is longer than ${maxText}`),
    ...(URL.canParse(String(rule['helpUri'])) ? [] : ['helpUri is no URI']),
    ...(['note', 'warning', 'error'].includes(String(at(rule, 'defaultConfiguration.level'))) ? [] : ['level']),
    ...(score === undefined || isScore(score) ? [] : ['security-severity is no score']),
    ...((score === undefined) === tags.includes('security') ? ['tag security and security-severity disagree'] : []),
    ...((score === undefined) === (problem === undefined) ? ['neither or both kinds of severity'] : []),
    ...(tags.length > maxTags ? ['too many tags'] : []),
  ];
}

function resultFaults(result: Json, rules: readonly Json[]): readonly string[] {
  const locations = list(result['locations']);
  const required = ['message.text', 'partialFingerprints.primaryLocationLineHash'];
  const inLocation = [
    'artifactLocation.uri',
    ...['startLine', 'startColumn', 'endLine', 'endColumn'].map((key) => `region.${key}`),
  ];
  const places = locations.map((location) => location['physicalLocation']);
  const uris = places.map((place) => String(at(place, 'artifactLocation.uri')));
  return [
    ...required.filter((keys) => !isGiven(at(result, keys))).map((keys) => `has no ${keys}`),
    ...(locations.length === 0 || locations.length > maxLocations ? [`has ${locations.length} locations`] : []),
    ...places.flatMap((place) =>
      inLocation.filter((keys) => !isGiven(at(place, keys))).map((keys) => `has no ${keys}`),
    ),
    ...places.filter((place) => Number(at(place, 'region.startLine')) < 1).map(() => 'begins above line 1'),
    ...uris.filter((uri) => /^[^:/?#]*:/.test(uri) && !uri.startsWith('file:///')).map((uri) => `${uri} is no file`),
    ...(rules[Number(result['ruleIndex'])]?.['id'] === result['ruleId'] ? [] : ['ruleIndex is not that of ruleId']),
  ];
}

/** Each requirement of code scanning that a SARIF log does not meet. */
export function codeScanningFaults(log: unknown): readonly string[] {
  const runs = list(at(log, 'runs'));
  const inRuns = runs.flatMap((run) => {
    const rules = list(at(run, 'tool.driver.rules'));
    const results = list(run['results']);
    const id = String(at(run, 'automationDetails.id'));
    const ids = rules.map((rule) => rule['id']);
    const known = results.map((result) => [
      result['ruleId'],
      at(list(result['locations'])[0], 'physicalLocation.artifactLocation.uri'),
      at(result, 'partialFingerprints.primaryLocationLineHash'),
    ]);
    return [
      ...(isGiven(at(run, 'tool.driver.name')) ? [] : ['the tool has no name']),
      ...(rules.length === 0 || rules.length > maxRules ? [`${rules.length} rules`] : []),
      ...(new Set(ids).size === ids.length ? [] : ['two rules of one id']),
      ...(run['results'] === undefined || results.length > maxResults ? [`${results.length} results`] : []),
      ...(/^[^/]+\/.*\/$/.test(id) ? [] : [`automationDetails.id names no category: ${id}`]),
      ...(new Set(known.map((one) => JSON.stringify(one))).size === known.length ? [] : ['two results are one alert']),
      ...rules.flatMap((rule) => ruleFaults(rule).map((fault) => `rule ${String(rule['id'])}: ${fault}`)),
      ...results.flatMap((one) => resultFaults(one, rules).map((fault) => `result ${String(one['ruleId'])}: ${fault}`)),
    ];
  });
  return [
    ...(at(log, '$schema') === 'https://json.schemastore.org/sarif-2.1.0.json' ? [] : ['$schema']),
    ...(at(log, 'version') === '2.1.0' ? [] : ['version']),
    ...(runs.length === 0 || runs.length > maxRuns ? [`${runs.length} runs`] : []),
    ...(gzipSync(JSON.stringify(log)).length > maxPackedBytes ? ['too large'] : []),
    ...inRuns,
  ];
}

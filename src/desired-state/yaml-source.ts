import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { parserMessage, yamlLimitError } from '../model/safe-parsing.js';
import { excerpt } from '../model/text.js';
import {
  positionFinder,
  spotPath,
  type SourcePosition,
  type StateProblem,
  type StateSource,
  type Spot,
} from './problems.js';

const nullValues = /^(|~|null|Null|NULL)$/;

function parse(text: string): Document.Parsed {
  return parseDocument(text, {
    // Texts stay as they are written: a user may be called 007, yes or 1e3.
    schema: 'failsafe',
    // Checked here, in one pass: the library compares each key with all before it.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
}

/** An unquoted null is not a key: a template left it empty, and "" would mean all databases. */
function keyOf(node: unknown): string | undefined {
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  return node.type === 'PLAIN' && nullValues.test(node.value) ? undefined : node.value;
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

type ReportProblem = (code: string, message: string, offset: number) => void;

/** The nodes as plain data: objects without prototypes, arrays, strings and null. */
class PlainValues {
  readonly #tell: ReportProblem;
  readonly #anchors = new Map<string, unknown>();

  constructor(report: ReportProblem) {
    this.#tell = report;
  }

  of(node: unknown): unknown {
    if (isAlias(node)) {
      if (this.#anchors.has(node.source)) return this.#anchors.get(node.source);
      this.#tell('bad-alias', 'the alias refers to no earlier anchor', startOf(node));
      return null;
    }
    const value = this.#value(node);
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #value(node: unknown): unknown {
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return node.items.map((item) => this.of(item));
    if (!isScalar(node)) return null;
    const { value, type } = node;
    return typeof value === 'string' && type === 'PLAIN' && nullValues.test(value) ? null : value;
  }

  #map(node: YAMLMap): Record<string, unknown> {
    const fields = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of node.items) {
      const name = keyOf(key);
      if (name === undefined) this.#tell('bad-key', 'a key must be a string; quote it', startOf(key ?? value));
      else if (name in fields) {
        this.#tell('duplicate-key', `duplicate key "${excerpt(name, 100)}"`, startOf(key));
      } else fields[name] = this.of(value);
    }
    return fields;
  }
}

type Pairs = Map<YAMLMap, ReadonlyMap<string, YAMLMap['items'][0]>>;

/** The pairs of a map by key; the first one of a duplicate key. */
function pairsOf(node: YAMLMap, pairs: Pairs): ReadonlyMap<string, YAMLMap['items'][0]> {
  const known = pairs.get(node);
  if (known !== undefined) return known;
  const made = new Map<string, YAMLMap['items'][0]>();
  for (const pair of node.items) {
    const name = keyOf(pair.key) ?? '';
    if (!made.has(name)) made.set(name, pair);
  }
  pairs.set(node, made);
  return made;
}

function offsetOf(document: Document, spot: Spot, pairs: Pairs): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const step of spotPath(spot)) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node) && typeof step === 'string') {
      const pair = pairsOf(node, pairs).get(step);
      if (pair === undefined) return offset;
      offset = startOf(pair.key);
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node);
    } else return offset;
  }
  return spot.value === true && node !== null ? startOf(node) : offset;
}

/** Reads YAML; its syntax errors are problems of the source. */
export function readYamlSource(file: string, text: string): StateSource {
  const positionOf = positionFinder(text);
  const problems: StateProblem[] = [];
  const report: ReportProblem = (code, message, offset) => {
    problems.push({ severity: 'error', code, message, file, ...positionOf(offset) });
  };
  const why = yamlLimitError(text);
  if (why !== undefined) {
    report('syntax', why, 0);
    return { file, value: null, problems, locate: (spots) => spots.map(() => positionOf(0)) };
  }
  const document = parse(text);
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    report('syntax', excerpt(parserMessage(message).replaceAll('\n', ' '), 300), pos[0]);
  }
  const value = new PlainValues(report).of(document.contents);
  return {
    file,
    value,
    problems,
    locate: (spots): readonly SourcePosition[] => {
      const document = parse(text);
      const pairs: Pairs = new Map();
      return spots.map((spot) => positionOf(offsetOf(document, spot, pairs)));
    },
  };
}

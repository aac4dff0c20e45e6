import { excerpt } from '../model/text.js';
import {
  positionFinder,
  type SourcePosition,
  type Spot,
  spotPath,
  type StateProblem,
  type StateSource,
} from './problems.js';
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { parserMessage, yamlLimitError } from '../model/parser-limits.js';

function searchFor(spots: readonly Spot[]): SpotSearch {
  const search = newSpotSearch();
  for (const [i, spot] of spots.entries()) {
    let node = search;
    for (const step of spotPath(spot)) {
      const next = node.below.get(step) ?? newSpotSearch();
      node.below.set(step, next);
      node = next;
    }
    node.at.push(i);
  }
  return search;
}

function mark(search: SpotSearch, offset: number, offsets: number[]): void {
  for (const i of search.at) offsets[i] = offset;
  for (const next of search.below.values()) mark(next, offset, offsets);
}

function locate(
  text: string,
  spots: readonly Spot[],
  positionOf: (offset: number) => SourcePosition,
): readonly SourcePosition[] {
  const offsets = spots.map(() => 0);
  scanJson(text, searchFor(spots), {
    found: (search, offset, valueOffset) => {
      mark(search, offset, offsets);
      for (const i of search.at) if (spots[i]?.value === true) offsets[i] = valueOffset;
    },
  });
  return offsets.map(positionOf);
}

/** Parses JSON; undefined if it is not JSON. Positions need a second pass, made only on demand. */
export function readJsonSource(file: string, text: string): StateSource | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const positionOf = positionFinder(text);
  const problems: StateProblem[] = [];
  scanJson(text, newSpotSearch(), {
    duplicate: (key, offset) => {
      const message = `duplicate key "${excerpt(key, 100)}"`;
      problems.push({ severity: 'error', code: 'duplicate-key', message, file, ...positionOf(offset) });
    },
  });
  return { file, value, problems, locate: (spots) => locate(text, spots, positionOf) };
}

/** The spots to locate as a tree of keys and indexes, with the numbers of the spots that end at a node. */
interface SpotSearch {
  readonly at: number[];
  readonly below: Map<string | number, SpotSearch>;
}

function newSpotSearch(): SpotSearch {
  return { at: [], below: new Map() };
}

interface JsonScanEvents {
  /** A key of the search, or an item of a list, and where its value begins. */
  found?(search: SpotSearch, offset: number, valueOffset: number): void;
  /** A duplicate key of an object. */
  duplicate?(key: string, offset: number): void;
}

interface Frame {
  readonly isObject: boolean;
  readonly search: SpotSearch | undefined;
  firstKey: string | undefined;
  keys: Set<string> | undefined;
  /** Of a list. */
  index: number;
  /** Of an object: the next string is a key. */
  atKey: boolean;
  /** Of an object: the key whose value comes next. */
  pending: { search: SpotSearch; offset: number } | undefined;
}

function frame(isObject: boolean, search: SpotSearch | undefined): Frame {
  return { isObject, search, firstKey: undefined, keys: undefined, index: 0, atKey: isObject, pending: undefined };
}

/** The offset after the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function noteKey(top: Frame, key: string, offset: number, events: JsonScanEvents): void {
  if (top.firstKey === undefined) top.firstKey = key;
  else {
    top.keys ??= new Set([top.firstKey]);
    if (top.keys.has(key)) events.duplicate?.(key, offset);
    else top.keys.add(key);
  }
  const search = top.search?.below.get(key);
  top.pending = search && { search, offset };
}

/** Scans valid JSON without creating its values. */
function scanJson(text: string, search: SpotSearch, events: JsonScanEvents): void {
  const stack: Frame[] = [];
  let top: Frame | undefined;

  /** A value begins: what the search wants below it. */
  const below = (offset: number): SpotSearch | undefined => {
    if (top === undefined) return search;
    const item = top.isObject ? top.pending : undefined;
    const found = item?.search ?? (top.isObject ? undefined : top.search?.below.get(top.index));
    if (found !== undefined) events.found?.(found, item?.offset ?? offset, offset);
    return found;
  };

  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 58) continue;
    if (code === 34) {
      const end = endOfString(text, at);
      if (top?.atKey === true) {
        const raw = text.slice(at + 1, end - 1);
        noteKey(top, raw.includes('\\') ? (JSON.parse(text.slice(at, end)) as string) : raw, at, events);
        top.atKey = false;
      } else below(at);
      at = end - 1;
    } else if (code === 123 || code === 91) {
      const inner = below(at);
      if (top !== undefined) stack.push(top);
      top = frame(code === 123, inner);
    } else if (code === 125 || code === 93) {
      top = stack.pop();
    } else if (code === 44) {
      if (top?.isObject === true) top.atKey = true;
      else if (top !== undefined) top.index++;
    } else {
      below(at);
      while (at + 1 < text.length && !/[\s,\]}]/.test(text.charAt(at + 1))) at++;
    }
  }
}

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

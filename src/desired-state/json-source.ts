import { excerpt } from '../model/text.js';
import {
  positionFinder,
  spotPath,
  type SourcePosition,
  type StateProblem,
  type StateSource,
  type Spot,
} from './problems.js';

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
export interface SpotSearch {
  readonly at: number[];
  readonly below: Map<string | number, SpotSearch>;
}

function newSpotSearch(): SpotSearch {
  return { at: [], below: new Map() };
}

export interface JsonScanEvents {
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

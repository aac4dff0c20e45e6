import { excerpt } from '../../model/text.js';
import { pathOf, type Position, type Problem, type Spot } from '../problem.js';
import { newSearch, scanJson, type Search } from './json-scan.js';
import { linesOf } from './lines.js';
import type { Source } from './source.js';

function searchFor(spots: readonly Spot[]): Search {
  const search = newSearch();
  for (const [i, spot] of spots.entries()) {
    let node = search;
    for (const step of pathOf(spot)) {
      const next = node.below.get(step) ?? newSearch();
      node.below.set(step, next);
      node = next;
    }
    node.at.push(i);
  }
  return search;
}

function mark(search: Search, offset: number, offsets: number[]): void {
  for (const i of search.at) offsets[i] = offset;
  for (const next of search.below.values()) mark(next, offset, offsets);
}

function locate(text: string, spots: readonly Spot[], positionOf: (offset: number) => Position): readonly Position[] {
  const offsets = spots.map(() => 0);
  scanJson(text, searchFor(spots), {
    found: (search, offset, valueOffset) => {
      mark(search, offset, offsets);
      for (const i of search.at) if (spots[i]?.value === true) offsets[i] = valueOffset;
    },
  });
  return offsets.map(positionOf);
}

/** Reads JSON; undefined where it is none. The positions cost a second pass, made only when they are asked for. */
export function readJson(file: string, text: string): Source | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const positionOf = linesOf(text);
  const problems: Problem[] = [];
  scanJson(text, newSearch(), {
    duplicate: (key, offset) => {
      const message = `"${excerpt(key, 100)}" stands here a second time`;
      problems.push({ severity: 'error', code: 'duplicate-key', message, file, ...positionOf(offset) });
    },
  });
  return { file, value, problems, locate: (spots) => locate(text, spots, positionOf) };
}

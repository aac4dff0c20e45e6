import { encodeFile, outline } from '../../../kapacitor/configuration/index.js';
import type { Finding } from '../finding.js';
import type { FindingId } from '../rules/table.js';
import type { ConfigFinding } from './check.js';
import { findInConfig } from './check-config.js';
import { applyEdits } from './edit.js';
import type { ConfigInput, TlsFiles } from './input.js';

/** A file with all mended that can be. */
export interface FixedConfig {
  readonly before: string;
  readonly after: string;
  /** In the order of mending; what shows only after another is mended stands behind it. */
  readonly mended: readonly Finding[];
  /** What is still wrong. */
  readonly left: readonly Finding[];
}

const mostRounds = 200;
const aboutNames: ReadonlySet<FindingId> = new Set(['misspelt-section', 'misspelt-key', 'key-elsewhere']);

/** A setting that was given under another name must not be set anew. */
function namesFirst(found: readonly ConfigFinding[]): readonly ConfigFinding[] {
  const isName = ({ finding }: ConfigFinding): boolean => aboutNames.has(finding.id);
  return [...found.filter(isName), ...found.filter((one) => !isName(one))];
}

/**
 * Mends one finding after the other until no more can be mended. Mending again changes nothing. The texts hold a
 * lone surrogate for each byte that is no UTF-8 (see `encodeFile`).
 */
export function fixConfig(input: ConfigInput, tlsFiles: TlsFiles): FixedConfig {
  const before = outline(input.file?.content ?? '').text;
  const mended: Finding[] = [];
  const seen = new Set([before]);
  let after = before;
  for (;;) {
    const now = { ...input, file: input.file && { ...input.file, content: encodeFile(after) } };
    const found = findInConfig(now, tlsFiles);
    const next = namesFirst(found).find(({ edits }) => edits !== undefined && !seen.has(applyEdits(after, edits)));
    if (next?.edits === undefined || input.file === undefined || mended.length >= mostRounds) {
      return { before, after, mended, left: found.map(({ finding }) => finding) };
    }
    after = applyEdits(after, next.edits);
    seen.add(after);
    mended.push(next.finding);
  }
}

/** Deeper lists and objects than any file of ours has; parsers spend minutes on such, or end the process. */
const deepest = 500;

/** Whether the lists and objects of a YAML or JSON text are nested deeper than a parser should be given. */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[{}\]]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > deepest) return true;
  }
  return false;
}

/** The items of a list that is typed as one word, `a,b`. A comma of a name stands behind a backslash: `Doe\, John`. */
export function splitList(text: string): readonly string[] {
  const items = [...text.matchAll(/(?:\\,|[^,])+/g)].map(([item]) => item.replaceAll('\\,', ','));
  return items.length === 0 ? [text] : items;
}

/** For a flag that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** For a flag or argument that takes a list, `a,b`, and may be repeated. */
export function collectList(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(value)];
}

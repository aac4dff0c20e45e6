/** The items of a list that is typed as one word, `a,b`. A comma of a name stands behind a backslash: `Doe\, John`. */
export function splitList(text: string): readonly string[] {
  const items = [...text.matchAll(/(?:\\,|[^,])+/g)].map(([item]) => item.replaceAll('\\,', ','));
  return items.length === 0 ? [text] : items;
}

/** One kapadmin of an example: its words after the name, and the file on its standard input. */
export interface ExampleCommand {
  readonly words: readonly string[];
  readonly stdin: string | undefined;
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));
}

function commandOf(text: string): ExampleCommand | undefined {
  const [name, ...words] = wordsOf(text);
  if (name !== 'kapadmin') return undefined;
  const at = words.indexOf('<');
  return at < 0 ? { words, stdin: undefined } : { words: words.slice(0, at), stdin: words[at + 1] };
}

/** The kapadmins of an example, in the order of their pipe: `a | b`, `a < file`, `source <(a)`, a comment after `#`. */
export function readExample(line: string): readonly ExampleCommand[] {
  const inner = line.replace(/\s+#.*$/, '').replace(/^source <\((.*)\)$/, '$1');
  return inner.split(' | ').flatMap((part) => commandOf(part) ?? []);
}

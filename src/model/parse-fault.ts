/** A tag or an alias is where a password without quotes begins with `!` or `*`: it is not named. */
const unresolved = /^(Unresolved (?:tag|alias)[^:]*): .*/s;

/** What a parser found, without what it quotes of the text, which may be a secret: `Unexpected token 'x'`. */
export function parseFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(unresolved, '$1')
    .replace('; please use YAML.parseAllDocuments()', '')
    .replace(/,? (\.\.\.)?"[^]*is not valid JSON$/, ' where JSON has none');
}

interface Fault {
  readonly message: string;
  /** Offsets in the text. */
  readonly pos: readonly [number, number];
}

/**
 * The first fault of a document of YAML that was parsed without `prettyErrors`, whose making of them takes minutes:
 * `Map keys must be unique at line 2, column 1`.
 */
export function yamlFault(
  { errors, warnings }: { readonly errors: readonly Fault[]; readonly warnings: readonly Fault[] },
  text: string,
): string | undefined {
  const [fault] = [...errors, ...warnings];
  if (fault === undefined) return undefined;
  const lines = text.slice(0, fault.pos[0]).split('\n');
  const message = parseFault(fault.message);
  return `${message} at line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

/**
 * What the parser of JSON or YAML found, on one line and without what it quotes of the text, which may be a secret:
 * `Unexpected token 'x'`, `Map keys must be unique at line 2, column 1`.
 */
export function parseFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/,? (\.\.\.)?"[^]*is not valid JSON$/, ' where JSON has none')
    .replace('; please use YAML.parseAllDocuments()', '')
    .replace(/^(Unresolved (?:tag|alias)[^:]*): .*?(?= at line \d|$)/, '$1')
    .replace(/( at line \d+, column \d+):\n[^]*/, '$1');
}

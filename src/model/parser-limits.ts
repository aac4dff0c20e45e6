/** Maximum nesting. Deeper input makes parsers run for minutes or crash. */
const maxDepth = 500;
/** The YAML parser needs up to 1.3 KB and 20 µs for each mark. 100,000 users have two million. */
const maxMarks = 2_500_000;

const codes = (chars: string): ReadonlySet<number> => new Set([...chars].map((char) => char.charCodeAt(0)));
const openers = codes('[{');
const closers = codes(']}');
const marks = codes('\n,[]{}:"\'&!*%');

/** Lists in lists on one line: `- - - x`. */
const listsOnOneLine = new RegExp(`^ *(?:[-?] +){${maxDepth}}`, 'm');

/** Whether lists and objects of a YAML or JSON document are nested too deeply to parse. */
function isNestedTooDeep(text: string): boolean {
  if (listsOnOneLine.test(text)) return true;
  for (let i = 0, depth = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (openers.has(code) && ++depth > maxDepth) return true;
    if (closers.has(code)) depth--;
  }
  return false;
}

/** Whether a string has more than this number of line ends, brackets, commas and similar marks. */
function hasMoreMarks(text: string, max: number): boolean {
  if (text.length <= max) return false;
  for (let i = 0, count = 0; i < text.length; i++) {
    if (marks.has(text.charCodeAt(i)) && ++count > max) return true;
  }
  return false;
}

/** Why a document is too large or too deep for the YAML parser, which bounds memory; undefined if it is not. */
export function yamlLimitError(text: string, max = maxMarks): string | undefined {
  if (isNestedTooDeep(text)) return 'it is nested too deeply';
  return hasMoreMarks(text, max) ? 'it is too large for YAML: use JSON' : undefined;
}

/** A tag or an alias is where a password without quotes begins with `!` or `*`: it is not named. */
const unresolvedName = /^(Unresolved (?:tag|alias)[^:]*): .*/s;

/** A parser's message without the quoted input, which may be a secret: `Unexpected token 'x'`. */
export function parserMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(unresolvedName, '$1')
    .replace('; please use YAML.parseAllDocuments()', '')
    .replace(/,? (\.\.\.)?"[^]*is not valid JSON$/, ' where JSON has none');
}

function lineAndColumn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

/** The message of an error of `JSON.parse`, with line and column in place of its offset. */
export function jsonParserMessage(error: unknown, text: string): string {
  return parserMessage(error).replace(
    /(?: in JSON)? at position (\d+)(?: \(line \d+ column \d+\))?$/,
    (_, offset: string) => ` at ${lineAndColumn(text, Number(offset))}`,
  );
}

interface ParserError {
  readonly message: string;
  /** Offsets in the document. */
  readonly pos: readonly [number, number];
}

/**
 * The first error of a YAML document parsed without `prettyErrors`, which can take minutes:
 * `Map keys must be unique at line 2, column 1`.
 */
export function yamlParserMessage(
  { errors, warnings }: { readonly errors: readonly ParserError[]; readonly warnings: readonly ParserError[] },
  text: string,
): string | undefined {
  const [fault] = [...errors, ...warnings];
  if (fault === undefined) return undefined;
  return `${parserMessage(fault.message)} at ${lineAndColumn(text, fault.pos[0])}`;
}

/** The data of a YAML text. Throws an error with line and column, and for a text that the parser should not be given. */
export async function parseYaml(text: string): Promise<unknown> {
  const why = yamlLimitError(text);
  if (why !== undefined) throw new Error(why);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  const fault = yamlParserMessage(document, text);
  if (fault !== undefined) throw new Error(fault);
  return document.toJS();
}

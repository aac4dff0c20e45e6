import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { usageError } from '../errors.js';
import {
  type VariableAssignment,
  ignoredByName,
  type IgnoredLine,
  type EnvironmentText,
  type OtherFile,
} from '../kapacitor-config/environment-formats.js';
import { parserMessage, yamlLimitError } from '../model/parser-limits.js';
import { Secret } from '../model/secret.js';
import { excerpt } from '../model/text.js';

interface Environment {
  readonly assignments: VariableAssignment[];
  readonly dropped: IgnoredLine[];
}

/** Reads the values of one compose file. */
class ComposeReader {
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  /** The pairs of a map, those of `<<` first. */
  pairs(node: unknown, depth = 0): ReadonlyMap<string, { readonly key: Node; readonly value: unknown }> {
    const map = this.#resolved(node);
    const found = new Map<string, { key: Node; value: unknown }>();
    if (!isMap(map) || depth > 20) return found;
    for (const { key, value } of map.items) {
      const name = this.text(key);
      const inner = this.#resolved(value);
      if (name !== '<<') continue;
      for (const one of isSeq(inner) ? inner.items : [inner]) {
        for (const [merged, pair] of this.pairs(one, depth + 1)) found.set(merged, pair);
      }
    }
    for (const { key, value } of map.items) {
      const name = this.text(key);
      if (name !== undefined && name !== '<<') found.set(name, { key: key as Node, value: this.#resolved(value) });
    }
    return found;
  }

  /** A scalar as written, without quotes; undefined for null and for anything else. */
  text(node: unknown): string | undefined {
    const scalar = this.#resolved(node);
    if (!isScalar(scalar) || typeof scalar.value !== 'string') return undefined;
    return scalar.type === 'PLAIN' && /^(~|null|Null|NULL|)$/.test(scalar.value) ? undefined : scalar.value;
  }

  line(node: unknown): number {
    return this.#lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  }

  items(node: unknown): readonly unknown[] {
    const list = this.#resolved(node);
    return isSeq(list) ? list.items : [];
  }
}

/** A value in which compose itself puts variables of its shell: `$$` is a dollar sign, all else is not known here. */
function hasSubstitution(value: string): string | undefined {
  const rest = value.replaceAll('$$', '');
  return /\$[A-Za-z_{]/.test(rest) ? undefined : value.replaceAll('$$', '$');
}

function add(to: Environment, name: string, value: string | undefined, line: number): void {
  const known = value === undefined ? undefined : hasSubstitution(value);
  if (known === undefined) to.dropped.push({ name, line, why: 'from-shell' });
  else to.assignments.push({ name, value: known, line });
}

function addDropped(to: Environment, dropped: IgnoredLine | undefined, value: string | undefined): void {
  if (dropped === undefined) return;
  const known = value === undefined ? undefined : hasSubstitution(value);
  to.dropped.push(known === undefined ? dropped : { ...dropped, value: new Secret(known) });
}

/** `environment:` as a map or as a list. */
function readEnvironment(node: unknown, compose: ComposeReader): Environment {
  const found: Environment = { assignments: [], dropped: [] };
  for (const [name, { key, value }] of compose.pairs(node)) add(found, name, compose.text(value), compose.line(key));
  for (const item of compose.items(node)) {
    const text = compose.text(item) ?? '';
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const line = compose.line(item);
    const value = equals < 0 ? undefined : text.slice(equals + 1);
    if (/\s/.test(name)) addDropped(found, ignoredByName(name, line), value);
    else add(found, name, value, line);
  }
  return found;
}

/** `env_file:` as a name, or a list of names or of maps with `path`. */
function readFileNames(node: unknown, compose: ComposeReader): readonly OtherFile[] {
  const single = compose.text(node);
  const nodes = single === undefined ? compose.items(node) : [node];
  return nodes.flatMap((one) => {
    const name = compose.text(one) ?? compose.text(compose.pairs(one).get('path')?.value);
    return name === undefined ? [] : [{ name, line: compose.line(one) }];
  });
}

interface Service {
  readonly name: string;
  readonly isKapacitor: boolean;
  readonly environment: Environment;
  readonly otherFiles: readonly OtherFile[];
}

function findServices(document: Document, compose: ComposeReader): readonly Service[] {
  const top = compose.pairs(document.contents);
  const services = [...compose.pairs(top.get('services')?.value)];
  const all = services.length > 0 ? services : [...top].filter(([name]) => !name.startsWith('x-'));
  const single = top.get('environment');
  if (services.length === 0 && single !== undefined) {
    return [
      { name: 'environment', isKapacitor: true, environment: readEnvironment(single.value, compose), otherFiles: [] },
    ];
  }
  return all.flatMap(([name, { value }]): Service[] => {
    const pairs = compose.pairs(value);
    const environment = pairs.get('environment');
    const otherFiles = readFileNames(pairs.get('env_file')?.value, compose);
    if (environment === undefined && otherFiles.length === 0) return [];
    const image = compose.text(pairs.get('image')?.value) ?? '';
    const isKapacitor = /kapacitor/i.test(`${name} ${image}`);
    return [{ name, isKapacitor, environment: readEnvironment(environment?.value, compose), otherFiles }];
  });
}

function namesKapacitor({ environment }: Service): boolean {
  return environment.assignments.some(({ name }) => name.startsWith('KAPACITOR_'));
}

/**
 * The variables that a compose or stack file sets for its Kapacitor: the service with that name or image, else the one
 * with such variables. Throws a usage error for invalid YAML, and if several services match.
 */
export function readComposeFile(file: string, text: string): EnvironmentText {
  const displayed = file;
  const lines = new LineCounter();
  const why = yamlLimitError(text);
  if (why !== undefined) throw usageError('bad-env-file', `${displayed}: cannot read it as a compose file: ${why}`);
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  });
  const [composeError] = document.errors;
  if (composeError !== undefined) {
    const described = excerpt(parserMessage(composeError.message).replaceAll('\n', ' '), 200);
    const line = lines.linePos(composeError.pos[0]).line;
    throw usageError('bad-env-file', `${displayed}:${line}: cannot read it as a compose file: ${described}`);
  }
  const all = findServices(document, new ComposeReader(document, lines));
  const named = all.filter(({ isKapacitor }) => isKapacitor);
  const matching = named.length > 0 ? named : all.filter(namesKapacitor);
  const [service, ...more] = matching;
  if (service !== undefined && more.length > 0) {
    const names = matching.map(({ name }) => `"${excerpt(name, 60)}"`).join(', ');
    const hint = 'Copy the Kapacitor service into its own file and pass that with --env-file.';
    throw usageError('bad-env-file', `${displayed}: several services could be Kapacitor: ${names}`, hint);
  }
  const { environment, otherFiles } = service ?? { environment: { assignments: [], dropped: [] }, otherFiles: [] };
  return { form: 'compose', ...environment, otherFiles };
}

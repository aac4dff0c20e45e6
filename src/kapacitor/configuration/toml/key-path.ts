const special: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

/** A part of a key as the daemon's messages write it: bare where it can be, else in quotes. */
export function writtenName(name: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return name;
  const escaped = name.replace(
    /["\\\x00-\x1f\x7f]/g,
    (c) => special.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** A dotted name. The tables of one array of tables share theirs. */
export class KeyPath {
  readonly parent: KeyPath | undefined;
  readonly name: string;
  readonly depth: number;
  /** The line of its value or header; 0 where only deeper names were given. */
  line = 0;
  isArray = false;
  /** Made by a deeper name only, so that it may be defined once more. */
  isImplicit = false;
  #children: Map<string, KeyPath> | undefined;

  constructor(parent?: KeyPath, name = '') {
    this.parent = parent;
    this.name = name;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  child(name: string): KeyPath {
    this.#children ??= new Map();
    const known = this.#children.get(name);
    if (known !== undefined) return known;
    const path = new KeyPath(this, name);
    this.#children.set(name, path);
    return path;
  }

  /** The parts of the name, the outermost first. */
  names(): string[] {
    const names: string[] = [];
    for (let path: KeyPath = this; path.parent !== undefined; path = path.parent) names.push(path.name);
    return names.reverse();
  }

  toString(): string {
    return this.names().map(writtenName).join('.');
  }
}

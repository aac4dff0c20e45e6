import type { VersionRules } from '../../model/kapacitor-versions.js';
import { TomlError } from './cursor.js';
import {
  emptyTable,
  type TomlHeader,
  type TomlKey,
  type TomlKeyPart,
  KeyPath,
  type TomlScope,
  type TomlTable,
  tableIn,
  type TomlValue,
} from './document.js';

/**
 * What is defined so far, and which of it may be defined again. The rules are those of BurntSushi/toml (parse.go:
 * addContext, setValue, setType), with its habits: an array may always be replaced, and a table that only a dotted
 * name made may be defined once more by anything, without effect.
 */
export class TomlDefinitions {
  readonly #rules: VersionRules;
  readonly root: TomlScope = { path: new KeyPath(), holder: emptyTable() };
  scope: TomlScope = this.root;
  /** The key whose value is being read, or was read last in an inline table. */
  part: TomlKeyPart | undefined;
  /** The line of the key or header that is being defined, for errors. */
  line = 1;

  constructor(rules: VersionRules) {
    this.#rules = rules;
  }

  /** The last key, as in messages. */
  lastKey(): string {
    const scope = this.scope.path.toString();
    const key = this.part?.name ?? '';
    if (key === '') return scope;
    return scope === '' ? key : `${scope}.${key}`;
  }

  /** Makes a table's header the scope; an array of tables grows by one. */
  enterHeader(header: TomlHeader): void {
    this.line = header.text.line;
    let parent = this.root;
    for (const part of header.parts.slice(0, -1)) {
      const table = this.#tableOf(parent);
      const path = parent.path.child(part.name);
      if (!table.slots.has(part.name)) {
        path.isImplicit = true;
        table.slots.set(part.name, { value: emptyTable(), key: part.text });
      }
      parent = { path, holder: table.slots.get(part.name)?.value ?? emptyTable() };
    }
    this.enter(parent, header.last, header.isArray);
    this.describe('', false, this.line);
  }

  /** Enters a key before its value: all its parts but the last become nested scopes. */
  enterKey(key: TomlKey): void {
    this.line = key.text.line;
    this.part = key.last;
    for (const part of key.parts.slice(0, -1)) {
      this.scope.path.child(part.name).isImplicit = true;
      this.enter(this.scope, part, false);
    }
  }

  /** Makes one table below `parent` the scope; an array of tables grows by one. */
  enter(parent: TomlScope, part: TomlKeyPart, isArray: boolean): void {
    const table = this.#tableOf(parent);
    const path = parent.path.child(part.name);
    this.scope = parent;
    if (isArray) this.#grow(table, part, path);
    else this.define(part, emptyTable());
    this.scope = { path, holder: table.slots.get(part.name)?.value ?? emptyTable() };
  }

  /** Defines one key of the scope. */
  define(part: TomlKeyPart, value: TomlValue): void {
    const table = tableIn(this.scope.holder);
    if (table === undefined) throw this.#fault(`Key '${this.scope.path}' has already been defined.`);
    const path = this.scope.path.child(part.name);
    const replaces = table.slots.has(part.name);
    if (!replaces || (path.isArray && this.#rules.toml1)) table.slots.set(part.name, { value, key: part.text });
    else if (!path.isImplicit) throw this.#fault(`Key '${path}' has already been defined.`);
    if (replaces) path.isImplicit = false;
  }

  /** Defines one key of the scope, whatever it was before. */
  replace(part: TomlKeyPart, value: TomlValue): void {
    tableIn(this.scope.holder)?.slots.set(part.name, { value, key: part.text });
  }

  /**
   * Records whether a key of the scope (or, without a name, the scope itself) is an array, and its line for messages.
   */
  describe(name: string, isArray: boolean, line: number): void {
    const { path } = this.scope;
    const target = name !== '' || path.parent === undefined ? path.child(name) : path;
    target.isArray = isArray;
    target.line = line;
  }

  #grow(table: TomlTable, part: TomlKeyPart, path: KeyPath): void {
    const existing = table.slots.get(part.name)?.value;
    if (existing === undefined) {
      table.slots.set(part.name, { value: { type: 'tables', tables: [emptyTable()] }, key: part.text });
    } else if (existing.type === 'tables') {
      existing.tables.push(emptyTable());
    } else {
      throw this.#fault(`Key '${path}' was already created and cannot be used as an array.`);
    }
  }

  #tableOf(scope: TomlScope): TomlTable {
    const table = tableIn(scope.holder);
    if (table === undefined) throw this.#fault(`Key '${scope.path}' was already created as a hash.`);
    return table;
  }

  #fault(message: string): TomlError {
    return new TomlError(message, this.line);
  }
}

import { isPermission } from '../model/permissions.js';
import { foldJsonKey, type JsonValue, parseFirstJson } from '../go-compat/json.js';

/** A user as Kapacitor decodes it (services/auth/meta/types.go); strings are binary, permissions as spelled. */
export interface UserRecord {
  name: string;
  hash: string;
  permissions: Map<string, string[]>;
}

/**
 * The struct that all attempts of one lookup decode into. Go never clears it, so the result of a failed decoding stays
 * and is merged with the next response. `slots` are the elements of the slice's backing array, `length` is the length
 * of the slice.
 */
export interface UserRecordBuffer {
  readonly slots: UserRecord[];
  length: number;
}

export function createUserRecordBuffer(): UserRecordBuffer {
  return { slots: [], length: 0 };
}

/** An error at which encoding/json stops; after a type error it continues. */
class DecodingStopped extends Error {}

const goKinds: Readonly<Record<JsonValue['kind'], string>> = {
  null: 'null',
  boolean: 'bool',
  number: 'number',
  string: 'string',
  array: 'array',
  object: 'object',
};

/** Decodes JSON as encoding/json does into `struct { Users []User }`. */
class Decoder {
  fault: string | undefined;

  private typeError(json: JsonValue, type: string): void {
    const what = json.kind === 'number' && type !== 'string' ? `number ${json.text}` : goKinds[json.kind];
    this.fault ??= `json: cannot unmarshal ${what} into Go value of type ${type}`;
  }

  private permission(json: JsonValue): string {
    if (json.kind === 'null') return 'NoPermissions';
    if (json.kind !== 'string') {
      this.typeError(json, 'meta.Permission');
      return 'NoPermissions';
    }
    if (json.value === '9') return 'WriteData';
    if (!isPermission(json.value)) throw new DecodingStopped(`invalid permission: ${json.value}`);
    return json.value;
  }

  private scopes(json: JsonValue, into: Map<string, string[]>): Map<string, string[]> {
    if (json.kind === 'null') return new Map();
    if (json.kind !== 'object') {
      this.typeError(json, 'map[string][]meta.Permission');
      return into;
    }
    for (const [scope, list] of json.entries) {
      if (list.kind === 'array')
        into.set(
          scope,
          list.items.map((item) => this.permission(item)),
        );
      else {
        if (list.kind !== 'null') this.typeError(list, '[]meta.Permission');
        into.set(scope, []);
      }
    }
    return into;
  }

  private text(json: JsonValue, previous: string): string {
    if (json.kind === 'string') return json.value;
    if (json.kind !== 'null') this.typeError(json, 'string');
    return previous;
  }

  private user(json: JsonValue, user: UserRecord): void {
    if (json.kind === 'null') return;
    if (json.kind !== 'object') return this.typeError(json, 'meta.User');
    for (const [key, value] of json.entries) {
      const field = foldJsonKey(key);
      if (field === 'name') user.name = this.text(value, user.name);
      else if (field === 'hash') user.hash = this.text(value, user.hash);
      else if (field === 'permissions') user.permissions = this.scopes(value, user.permissions);
    }
  }

  private users(json: JsonValue, buffer: UserRecordBuffer): void {
    if (json.kind === 'null') buffer.length = buffer.slots.length = 0;
    else if (json.kind !== 'array') this.typeError(json, '[]meta.User');
    else {
      for (const [i, item] of json.items.entries()) {
        buffer.slots[i] ??= { name: '', hash: '', permissions: new Map() };
        buffer.length = Math.max(buffer.length, i + 1);
        this.user(item, buffer.slots[i]);
      }
      buffer.length = json.items.length;
      if (buffer.length === 0) buffer.slots.length = 0;
    }
  }

  document(json: JsonValue, buffer: UserRecordBuffer): void {
    if (json.kind === 'null') return;
    if (json.kind !== 'object') return this.typeError(json, 'struct { Users []meta.User "json:\\"users\\"" }');
    for (const [key, value] of json.entries) if (foldJsonKey(key) === 'users') this.users(value, buffer);
  }
}

/** Error of Go's decoder; `unreadable`: not JSON. */
export interface UserRecordError {
  readonly cause: 'unreadable' | 'undecodable';
  /** Binary. */
  readonly error: string;
}

/** Decodes the body of a 200 response into the buffer of the lookup; returns the error, if any. */
export function decodeUserRecord(body: string, buffer: UserRecordBuffer): UserRecordError | undefined {
  const parsed = parseFirstJson(body);
  if (!parsed.ok) return { cause: 'unreadable', error: parsed.error };
  const decoder = new Decoder();
  try {
    decoder.document(parsed.value, buffer);
  } catch (stop) {
    if (stop instanceof DecodingStopped) return { cause: 'undecodable', error: stop.message };
    throw stop;
  }
  return decoder.fault === undefined ? undefined : { cause: 'undecodable', error: decoder.fault };
}

/**
 * The error text of a response other than 200: its `error`, or why it cannot be decoded (meta/client.go,
 * errorFromResponse).
 */
export function errorFromResponse(body: string): string {
  const parsed = parseFirstJson(body);
  if (!parsed.ok) return parsed.error === 'EOF' ? '' : parsed.error;
  const { value } = parsed;
  if (value.kind === 'null') return '';
  if (value.kind !== 'object') return `json: cannot unmarshal ${goKinds[value.kind]} into Go value of type meta.Error`;
  let text = '';
  let fault: string | undefined;
  for (const [key, item] of value.entries) {
    if (foldJsonKey(key) !== 'error') continue;
    if (item.kind === 'string') text = item.value;
    else if (item.kind !== 'null') {
      fault ??= `json: cannot unmarshal ${goKinds[item.kind]} into Go struct field Error.error of type string`;
    }
  }
  return fault ?? text;
}

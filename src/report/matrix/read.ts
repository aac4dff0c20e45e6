import { usageError } from '../../errors.js';
import type { Answers } from './diff.js';
import type { MatrixFilters } from './matrix.js';

/** What is wrong with a file, and where in it. */
class WrongShape extends Error {}

/** A value of the file with the way to it. */
class Place {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  private wrong(wanted: string): WrongShape {
    return new WrongShape(`${this.path === '' ? 'it' : this.path} is no ${wanted}`);
  }

  at(key: string): Place {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.wrong('object');
    const path = this.path === '' ? key : `${this.path}.${key}`;
    return new Place(Object.hasOwn(this.value, key) ? (this.value as Record<string, unknown>)[key] : undefined, path);
  }

  list<T>(read: (item: Place) => T): T[] {
    if (!Array.isArray(this.value)) throw this.wrong('list');
    return this.value.map((item: unknown, i) => read(new Place(item, `${this.path}[${i}]`)));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.wrong('text');
    return this.value;
  }

  truth(): boolean {
    if (typeof this.value !== 'boolean') throw this.wrong('boolean');
    return this.value;
  }

  /** A list of this length. */
  listOf<T>(length: number, read: (item: Place) => T): T[] {
    const items = this.list(read);
    if (items.length !== length) throw this.wrong(`list of ${length}`);
    return items;
  }

  /** A place in a list of this length. */
  index(length: number): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length) return value;
    throw this.wrong(`number below ${length}`);
  }

  orNull<T>(read: (place: Place) => T): T | null {
    return this.value === null ? null : read(this);
  }
}

const texts = (place: Place): string[] => place.list((item) => item.text());

function filtersOf(place: Place): MatrixFilters {
  const only = place.at('only').orNull((one) => one.text());
  return {
    users: texts(place.at('users')),
    endpoints: texts(place.at('endpoints')),
    methods: texts(place.at('methods')),
    databases: texts(place.at('databases')),
    only: only === 'denied' || only === null ? only : 'allowed',
    role: place.at('role').orNull((one) => one.text()),
  };
}

function answersOf(file: Place): Answers {
  const databases = texts(file.at('databases'));
  const reasons = file
    .at('reasons')
    .list((reason) => ({ allowed: reason.at('allowed').truth(), why: reason.at('why').text() }));
  const endpoints = file
    .at('endpoints')
    .list((endpoint) => ({ method: endpoint.at('method').text(), path: endpoint.at('path').text() }));
  const reason = (place: Place): number => place.index(reasons.length);
  const rows = file.at('rows').list((row) => ({
    endpoints: row.at('endpoints').listOf(endpoints.length, reason),
    writes: {
      others: reason(row.at('writes').at('others')),
      own: new Map(
        row
          .at('writes')
          .at('own')
          .list((own) => [own.at('database').index(databases.length), reason(own.at('reason'))] as const),
      ),
    },
  }));
  return {
    made: file.at('made').text(),
    cluster: texts(file.at('cluster')),
    filters: filtersOf(file.at('filters')),
    otherDatabases: file.at('otherDatabases').truth(),
    databases,
    reasons,
    endpoints,
    rows,
    users: file.at('users').list((user) => ({
      name: user.at('name').text(),
      roles: texts(user.at('roles')),
      row: user.at('row').index(rows.length),
    })),
  };
}

/**
 * Reads a matrix that was saved as JSON, as far as it can be compared. Throws a usage error that names the file and
 * what is wrong with it.
 */
export function readMatrix(text: string, file: string): Answers {
  const fault = (what: string): Error => {
    const hint = 'It takes what kapadmin auth matrix -o json wrote.';
    return usageError('not-a-matrix', `${file} is no access matrix: ${what}`, hint);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault('it is no JSON');
  }
  try {
    const place = new Place(value, '');
    const version = place.at('version').value;
    if (version !== 1) throw new WrongShape(version === undefined ? 'it has no version' : 'its version is not 1');
    return answersOf(place);
  } catch (error) {
    throw error instanceof WrongShape ? fault(error.message) : error;
  }
}

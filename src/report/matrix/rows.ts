import { decide, type Decision, type Target } from '../../kapacitor/decide.js';
import { anyDatabase, writeTarget, type Columns } from './columns.js';
import type { MatrixRow } from './matrix.js';
import type { Question, Reasons } from './reasons.js';
import type { Sight } from './sight.js';

const toDatabase = { action: 'grant', permissions: ['WriteData'] } as const;

/** A write of points: let through by its endpoint, then by its database. */
function writeTo(target: Target, scope: string | undefined): Question {
  return {
    ask(privileges): Decision {
      const endpoint = decide(privileges, writeTarget, 'write');
      return endpoint.allowed ? decide(privileges, target, 'write') : endpoint;
    },
    mend: { ...toDatabase, scope },
  };
}

/** Databases by the entry that a document can have for them; several names can share one. */
function byEntry({ databases }: Columns): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [i, { target }] of databases.entries()) {
    const [entry] = target.entries;
    if (typeof entry === 'string') places.set(entry, [...(places.get(entry) ?? []), i]);
  }
  return places;
}

/** A function that decides every column for the users of one sight. */
export function makeRows(columns: Columns, reasons: Reasons): (sight: Sight) => MatrixRow {
  const questions = columns.endpoints.map(({ target, endpoint }): Question => ({
    ask: (privileges) => decide(privileges, target, endpoint.needed),
  }));
  const writes = columns.databases.map(({ target }) => writeTo(target, undefined));
  const others = writeTo(anyDatabase, undefined);
  const entries = byEntry(columns);
  // No endpoint but those of databases depends on the database that a permission is for.
  const vectors = new Map<string, readonly number[]>();

  const endpointsOf = (sight: Sight): readonly number[] => {
    const known = vectors.get(sight.namesKey);
    if (known !== undefined) return known;
    const made = questions.map((question) => reasons.of(question, sight));
    vectors.set(sight.namesKey, made);
    return made;
  };

  /** Only databases with an entry, or with one if a role counted, can differ from the others. */
  const ownWrites = (sight: Sight, rest: number): ReadonlyMap<number, number> => {
    const own = new Map<number, number>();
    for (const { databases } of [sight.privileges, ...sight.roles.map(({ joined }) => joined)]) {
      for (const entry of databases?.keys() ?? []) {
        for (const i of entries.get(entry) ?? []) {
          const question = writes[i];
          if (question === undefined || own.has(i)) continue;
          const reason = reasons.of(question, sight);
          if (reason !== rest) own.set(i, reason);
        }
      }
    }
    return own;
  };

  return (sight) => {
    const unknown = sight.unknown.flatMap(({ permissions }) => permissions);
    if (unknown.length > 0) {
      const reason = reasons.cannotLogIn(sight);
      const writes = { own: new Map<number, number>(), others: reason };
      return { permissions: sight.own, unknown: [...new Set(unknown)], endpoints: questions.map(() => reason), writes };
    }
    const rest = reasons.of(others, sight);
    return {
      permissions: sight.own,
      unknown,
      endpoints: endpointsOf(sight),
      writes: { own: ownWrites(sight, rest), others: rest },
    };
  };
}

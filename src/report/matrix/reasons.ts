import type { Decision } from '../../kapacitor/decide.js';
import { toText } from '../../go-compat/utf8.js';
import type { Privileges } from '../../kapacitor/privileges.js';
import { cannotLogIn, decidedBy, maskText } from '../access.js';
import { candidates } from '../login/rights.js';
import type { Mend, Reason } from './matrix.js';
import type { Sight } from './sight.js';

/** What is asked of privileges, and the permission that surely allows it where that is known. */
export interface Question {
  readonly ask: (privileges: Privileges) => Decision;
  readonly mend?: Mend;
}

/** The reasons of a matrix, each once. */
export interface Reasons {
  readonly list: readonly Reason[];
  /** The place of what the question's answer for these users rests on. */
  of(question: Question, sight: Sight): number;
  cannotLogIn(sight: Sight): number;
}

/** The narrowest permission that allows it beside those that the user has. */
function missing({ plus }: Sight, { ask, mend }: Question): readonly Mend[] {
  if (mend !== undefined) return [mend];
  const found = candidates.find((name) => ask(plus(name)).allowed);
  return found === undefined ? [] : [{ action: 'grant', permissions: [found], scope: '' }];
}

export function makeReasons(): Reasons {
  const list: Reason[] = [];
  const places = new Map<string, number>();

  const place = (key: string, make: () => Reason): number => {
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, list.length);
    return list.push(make()) - 1;
  };

  return {
    list,
    of(question, sight) {
      const decision = question.ask(sight.privileges);
      const { allowed, rule, mask } = decision;
      const entry = decision.entry === undefined ? undefined : toText(decision.entry);
      const permissions = decision.entry === undefined ? [] : sight.givers(decision.entry, mask);
      const roles = allowed
        ? []
        : sight.roles.filter(({ joined }) => question.ask(joined).allowed).map(({ name }) => name);
      const mends = allowed ? [] : missing(sight, question);
      const why = rule === 'nothing-needed' ? 'nothing needed' : decidedBy(entry, mask);
      const key = JSON.stringify([allowed, rule, entry, mask, permissions, roles, mends]);
      return place(key, () => ({
        allowed,
        rule,
        why,
        entry,
        mask: entry === undefined ? undefined : maskText(mask),
        permissions,
        roles,
        mends,
      }));
    },
    cannotLogIn({ unknown }) {
      return place(`unknown ${JSON.stringify(unknown)}`, () => ({
        allowed: false,
        rule: 'cannot-log-in',
        why: cannotLogIn(unknown[0]?.permissions[0] ?? ''),
        entry: undefined,
        mask: undefined,
        permissions: [],
        roles: [],
        mends: unknown.map(({ scope, permissions }) => ({ action: 'revoke', permissions, scope })),
      }));
    },
  };
}

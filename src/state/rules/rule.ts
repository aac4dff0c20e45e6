import { excerpt } from '../../model/text.js';
import { spotAt, type Report, type Spot } from '../problem.js';
import type { Wanted, WantedRole, WantedUser } from '../wanted.js';

/** How a rule tells what it finds; the code is the rule's name. */
export interface Tell {
  error(message: string, spot: Spot, hint?: string): void;
  warn(message: string, spot: Spot, hint?: string): void;
}

/** A named statement about the wanted state. */
export interface Rule<Facts> {
  readonly name: string;
  check(facts: Facts, tell: Tell): void;
}

export function runRules<Facts>(rules: readonly Rule<Facts>[], facts: Facts, report: Report): void {
  for (const { name, check } of rules) {
    check(facts, {
      error: (message, spot, hint) => report.error(name, message, spot, hint),
      warn: (message, spot, hint) => report.warn(name, message, spot, hint),
    });
  }
}

export function spotOf(item: WantedUser | WantedRole): Spot {
  return spotAt(item.file, 'members' in item ? 'roles' : 'users', item.name);
}

/** A name of a file's making, quoted for a message. */
export function quoted(name: string): string {
  return `"${excerpt(name, 60)}"`;
}

export type Items = readonly (WantedUser | WantedRole)[];

export function itemsOf({ users, roles }: Wanted): Items {
  return [...users.values(), ...roles.values()];
}

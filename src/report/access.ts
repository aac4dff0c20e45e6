import { usageError } from '../errors.js';
import { handleAs } from '../kapacitor/handle-as.js';
import { toText } from '../kapacitor/go/text.js';
import { toBinary } from '../kapacitor/go/utf8.js';
import { neededPrivilege } from '../kapacitor/decide.js';
import { verdictOf, type Trace } from '../kapacitor/trace.js';
import { excerpt } from '../model/text.js';
import type { User } from '../model/user.js';
import { compileDecoded, decodePermissions } from './decoded.js';

/** Whether a user may do a thing, once logged in, and what decided it. */
export interface Access {
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly allowed: boolean;
  /** What decided, in words. */
  readonly why: string;
}

/** The method in upper case. Throws a usage error for one that Kapacitor does not route. */
export function checkMethod(method: string): string {
  const upper = method.toUpperCase();
  if (Object.hasOwn(neededPrivilege, upper)) return upper;
  const known = Object.keys(neededPrivilege).join(', ');
  throw usageError('bad-method', `"${excerpt(method, 20)}" is no method of Kapacitor`, `It takes ${known}.`);
}

const maskWords: ReadonlyMap<number, string> = new Map([
  [1, 'none'],
  [2, 'read'],
  [4, 'write'],
  [6, 'read and write'],
  [16, 'all'],
]);

/** The privileges of a mask, in words. */
export function maskText(mask: number): string {
  return maskWords.get(mask) ?? String(mask);
}

/** The entry that decided, with what it gives. */
export function decidedBy(entry: string | undefined, mask: number): string {
  return entry === undefined ? 'no entry' : `${entry} = ${maskText(mask)}`;
}

/** What decided a trace of authorization: the last step that decided anything. */
function whyOf(trace: Trace): string {
  const { verdict, location } = verdictOf(trace);
  if (verdict === 'redirect') return `not a clean path: ${toText(location ?? '')}`;
  if (verdict === 'bad-request') return "refused by Go's HTTP server";
  const step = trace.findLast((one) => one.kind === 'privileges' || one.kind === 'database');
  if (step === undefined) return 'no authentication is asked for';
  if (step.kind === 'database') {
    return step.decidedBy === 'no-database' ? 'a write needs ?db=NAME' : decidedBy(step.entry, step.mask);
  }
  return step.decidedBy === 'nothing-needed' ? 'nothing needed' : decidedBy(step.entry, step.mask);
}

/** Why a user whose document does not decode may do nothing. */
export function cannotLogIn(unknown: string): string {
  return `Kapacitor cannot log in this user: it does not know ${excerpt(unknown, 60)}`;
}

/** The decision for a user whose document is known, from the authorization step on. */
export function accessOf(user: User, method: string, path: string): Access {
  const asked = { user: user.name, method, path };
  const { permissions, unknown } = decodePermissions(user.permissions);
  if (unknown[0] !== undefined) return { ...asked, allowed: false, why: cannotLogIn(unknown[0]) };
  const privileges = compileDecoded(permissions);
  const trace = handleAs({ name: toBinary(user.name), privileges }, { method, target: toBinary(path), headers: [] });
  return { ...asked, allowed: verdictOf(trace).verdict === 'allow', why: whyOf(trace) };
}

import { showDuration } from '../../model/text.js';
import type { BcryptHashFault } from '../../auth-engine/bcrypt-hash.js';
import type { UserRecordStep, PasswordStep } from '../../auth-engine/trace.js';
import { commandLine } from '../../model/shell-command.js';
import { explanation, type Explanation, type ExplainContext } from './explanation.js';

const hashFaults: Readonly<Record<BcryptHashFault, string>> = {
  'too-short': 'is shorter than a bcrypt hash',
  'not-bcrypt': 'is not bcrypt (PBKDF2, which Enterprise 1.9.3 and later can store)',
  'version-too-new': 'has a later bcrypt version than Kapacitor supports',
  'bad-cost': 'has a bcrypt cost outside 4 to 31',
  'bad-salt': 'has an invalid bcrypt salt',
};

function isHashFault(fault: PasswordStep['fault']): fault is BcryptHashFault {
  return fault !== undefined && Object.hasOwn(hashFaults, fault);
}

/** The document was of another user, of none, or of several. */
export function userRecordNote(userRecord: UserRecordStep | undefined): string[] {
  if (userRecord === undefined) return [];
  if (userRecord.users !== 1) {
    return [
      `The meta node returned ${userRecord.users} users where Kapacitor expects one: it treats that as an empty user.`,
    ];
  }
  if (userRecord.name === userRecord.requested) return [];
  return [`The meta node returned the user ${userRecord.name}.`];
}

/** A password that does not fit, or a hash that Kapacitor cannot check. */
export function explainPassword(
  step: PasswordStep,
  user: string,
  userRecord: UserRecordStep | undefined,
  context: ExplainContext,
): Explanation {
  const name = user;
  const passwd = { what: 'To reset it', command: commandLine('kapadmin user passwd', [user]) };
  const notes = userRecordNote(userRecord);
  if (isHashFault(step.fault)) {
    const why = `the stored hash of ${name} ${hashFaults[step.fault]}; Kapacitor supports only bcrypt`;
    const fix = {
      what: 'On all meta nodes, before you set a new password',
      setting: '[meta] password-hash = "bcrypt"',
    };
    return explanation('hash-not-bcrypt', why, [fix, passwd], notes);
  }
  if (step.fault === 'too-long' || step.fault === 'cost-too-high') {
    const what = step.fault === 'too-long' ? 'the password has more than 72 bytes' : `bcrypt-cost is ${step.cost}`;
    const fix = { what: 'Fix', setting: step.fault === 'too-long' ? 'a shorter password' : 'bcrypt-cost = 10' };
    return explanation('ldap-hash', `LDAP accepts the password, but Kapacitor cannot hash it: ${what}`, [fix], notes);
  }
  if (step.cached) {
    const expiration = showDuration(context.settings.cacheExpiration);
    const why = `the password does not match the hash of ${name} in Kapacitor's user cache (cache-expiration ${expiration})`;
    const again =
      'This failure removes the cached entry: a new password is rejected once, and the next attempt asks the meta node again.';
    const fix = { what: 'If the password was changed', setting: 'try again' };
    return explanation('stale-user-cache', why, [fix, passwd], [again, ...notes]);
  }
  const check = { what: 'Check the password', setting: `it is not the one that the cluster has for ${name}` };
  return explanation('wrong-password', `the password does not match the hash of ${name}`, [check, passwd], notes);
}

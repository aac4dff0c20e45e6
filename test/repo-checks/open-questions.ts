import type { OpenQuestionId } from '../../src/model/open-questions.js';

/** What an open question is about: a sentence in which all of these patterns match, for one of the lists. */
interface Subject {
  readonly about: readonly (readonly RegExp[])[];
  /** Sentences that state the answer. Each must be found, in a source and on a page. */
  readonly planted: readonly string[];
  /** Sentences about the question that state no answer. */
  readonly honest: readonly string[];
}

const cluster = /\b(?:clusters?|Enterprise|InfluxDB|meta (?:nodes?|API|servers?)|servers?)\b/i;

export const subjects: Readonly<Record<OpenQuestionId, Subject>> = {
  'roles-in-user-records': {
    about: [
      [
        /\broles?\b/i,
        /\brecords?\b|\bGET \/user\b/i,
        /\b(?:cop(?:y|ies|ied)|includ|contain|merg|appear|show|hold|part of|put|add|list|miss|lack|leave|left|has|have)/i,
      ],
      [
        /\broles?\b/i,
        /\bKapacitor\b/,
        /\b(?:count|ignor|see|effect|reach|visible|invisible|hidden|enough|useless|nothing|honou?r|work|grant)/i,
      ],
      [/\broles?\b/i, cluster, /\b(?:cop(?:y|ies|ied)|merges?|merged)\b/i],
    ],
    planted: [
      'The cluster copies role permissions into user records.',
      'User records never include the permissions of roles.',
      'Kapacitor ignores roles.',
      'A permission of a role has no effect in Kapacitor.',
      'Kapacitor does not see what a role grants.',
      'Role permissions are merged into the record of each member.',
      'GET /user lists the permissions that its roles add.',
      'For Kapacitor, a role is enough.',
    ],
    honest: [
      'Whether a cluster copies role permissions into user records is not documented.',
      'Kapacitor sees it only if the cluster copies role permissions into user records.',
      'Kapacitor never requests roles.',
    ],
  },
  'ldap-user-records': {
    about: [[/\bLDAP\b/, /\brecords?\b|\bGET \/user\b/i, /\b(?:permissions?|roles?|hash(?:es)?)\b/i]],
    planted: [
      'With LDAP the user record has the permissions of the mapped roles.',
      'The record of an LDAP user has no hash.',
      'GET /user returns LDAP users with their permissions.',
    ],
    honest: ['For LDAP users a record with the permissions of roles is likely.'],
  },
  'stored-hash-form': {
    about: [
      [
        cluster,
        /\bPBKDF2\b|\bbcrypt\b(?!-cost)/i,
        /(?<!can )\bstor(?:es?|ed)\b|\bkeeps?\b|\bhash(?:es)? (?:is|are|that)\b/i,
      ],
    ],
    planted: [
      'InfluxDB Enterprise stores passwords as bcrypt hashes.',
      'The cluster keeps PBKDF2 hashes since 1.9.3.',
      'The hash that a meta node stores is bcrypt.',
    ],
    honest: ['InfluxDB Enterprise 1.9.3 and later can store passwords as PBKDF2.'],
  },
  'hash-at-create': {
    about: [[cluster, /\bcreat/i, /\bhash(?:es)?\b/i, /\b(?:accept|tak|allow|refus|reject|support|ignor)/i]],
    planted: [
      'The meta API accepts a hash when a user is created.',
      'InfluxDB Enterprise rejects a hash at create.',
      'Servers take a ready hash to create a user.',
    ],
    honest: ['Whether the meta API accepts a hash when a user is created is unknown.'],
  },
  'long-passwords': {
    about: [[cluster, /\b7[23] bytes\b|\blong passwords?\b|\bpasswords? (?:over|above|longer)\b/i]],
    planted: [
      'InfluxDB Enterprise refuses passwords over 72 bytes.',
      'The cluster uses the first 72 bytes of a password.',
      'A long password is an error of the meta node.',
    ],
    honest: ['The cluster may refuse a password of more than 72 bytes.'],
  },
  'role-create-contents': {
    about: [[/\broles?\b/i, /\bcreat/i, /\bat once\b|\bone request\b|\btogether\b|\bsame request\b/i]],
    planted: [
      'A role is created with its permissions in one request.',
      'The meta API creates a role and its members together.',
      'Permissions cannot be set at once when a role is created.',
    ],
    honest: ['Whether a role can be created with its users at once is unknown.'],
  },
  'role-new-name': {
    about: [[/\brenam|\bnewName\b/i, /\broles?\b/i, cluster]],
    planted: [
      'The meta API cannot rename roles.',
      'InfluxDB Enterprise renames a role with newName.',
      'A cluster does not support renaming a role.',
    ],
    honest: ['No action of the meta API is known that renames a role.'],
  },
  'unknown-names': {
    about: [
      [
        cluster,
        /\b(?:unknown|missing|misspelled|nonexistent)\b|\bnot exist\b/i,
        /\b(?:permissions?|users?|databases?|members?)\b/i,
        /\b(?:refus|reject|accept|ignor|takes?)/i,
      ],
    ],
    planted: [
      'The cluster accepts unknown permissions.',
      'InfluxDB Enterprise rejects a database that does not exist.',
      'Meta nodes ignore missing users of a role.',
    ],
    honest: ['The cluster may reject an unknown permission.'],
  },
  'ping-authentication': {
    about: [[/\/ping\b/, /\bcredentials?\b|\bauthenticat/i, /\bmeta\b|\bnodes?\b|\bcluster\b|\bEnterprise\b/i]],
    planted: [
      'A meta node answers /ping without credentials.',
      'GET /ping of a meta node needs credentials.',
      'On InfluxDB Enterprise /ping is never authenticated.',
    ],
    honest: ['A meta node may ask for credentials on /ping.'],
  },
  'write-visibility': {
    about: [
      [
        /\b(?:writes?|changes?|created?)\b/i,
        /\bvisible\b|\bconsisten|\blags?\b/i,
        /\breads?\b|\bfollowers?\b|\bat once\b|\bimmediately\b/i,
        cluster,
      ],
    ],
    planted: [
      'A write is visible at once on every node of the cluster.',
      'InfluxDB Enterprise is consistent: a read shows each write.',
      'A created user is immediately visible on the meta node.',
    ],
    honest: ['A write may not be visible at once on followers of the cluster.'],
  },
  'acl-responses': {
    about: [
      [
        /\brestrictions?\b|\/acl\//i,
        /\bresponses?\b|\breturn|\brespond/i,
        /\barray\b|\bobject\b|\bids?\b|\bkeys?\b|\{/i,
      ],
    ],
    planted: [
      'GET /influxdb/v2/acl/grants returns a bare array.',
      'The response to a new restriction is its id.',
      'Restrictions are returned as an object.',
    ],
    honest: ['Whether a list of restrictions is returned as an array is unknown.'],
  },
  'acl-unknown-names': {
    about: [
      [
        /\brestrictions?\b|\bacl\b/i,
        /\bunknown\b|\bmissing\b|\bnot exist\b/i,
        /\b(?:refus|reject|accept|ignor|take|fail)/i,
      ],
    ],
    planted: [
      'A restriction for a missing database is rejected.',
      'acl grant fails for users that do not exist.',
      'Restrictions accept unknown roles.',
    ],
    honest: ['A restriction for a database that does not exist may be rejected.'],
  },
  'acl-of-deleted-users': {
    about: [
      [
        /\bdelet(?:ed|es|ing)\b/i,
        /\busers?\b/i,
        /\bgrants\b/i,
        /\b(?:remain|stay|keep|kept|remov|left|leav|gone|survive|also delet)/i,
      ],
    ],
    planted: [
      'The grants of a deleted user remain.',
      'Deleting a user also removes its grants.',
      'When a user is deleted, its grants are gone.',
    ],
    honest: ['The grants of a deleted user may remain.'],
  },
};

/** Words that make a sentence conditional, or a question. */
const conditional =
  /\b(?:whether|may|might|perhaps|could|would|if|unless|(?:is|are) unknown|not known|is known|likely|assum\w+|depends|not documented|only when)\b|\?$/i;

/** The questions of which a sentence states an answer. */
export function statedAnswers(text: string): readonly OpenQuestionId[] {
  if (conditional.test(text)) return [];
  const ids = Object.keys(subjects) as OpenQuestionId[];
  return ids.filter((id) => subjects[id].about.some((patterns) => patterns.every((pattern) => pattern.test(text))));
}

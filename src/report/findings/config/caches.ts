import { fields } from '../../../kapacitor-config/fields.js';
import { finding } from '../../../diagnostics/finding.js';
import type { Check, ConfigFinding } from './check.js';
import { isGiven, placeOf, told, wantsMeta, type ConfigFacts, type SettingName } from './facts.js';
import { editsFor, setMends } from './mends.js';

const minute = 60e9;
const hour = 60 * minute;
const standard = '"10m"';
/** Below this a cache-expiration is meant to make changes count soon. */
const short = 5 * minute;

const expiration: SettingName = ['auth', 'cacheExpiration'];
const cost: SettingName = ['auth', 'bcryptCost'];

function isLeftOut(facts: ConfigFacts): boolean {
  const keys = facts.file.keys.filter(({ field }) => field === fields.auth.cacheExpiration);
  return !isGiven(facts, expiration) && keys.every(({ value }) => /^["']*$/.test(value.raw));
}

function caches(facts: ConfigFacts): readonly ConfigFinding[] {
  const { value } = facts.configuration.auth.cacheExpiration;
  if (!wantsMeta(facts)) return [];
  const details = { place: placeOf(facts, expiration), mends: setMends(facts, [[expiration, standard]]) };
  const fact = `${told(facts, expiration)}.`;
  if (value <= 0) {
    const edits = isLeftOut(facts) ? editsFor(facts, expiration, standard) : undefined;
    return [{ finding: finding('cache-off', fact, details), edits }];
  }
  if (value > hour) return [{ finding: finding('cache-long', fact, details) }];
  if (value >= short) return [];
  return [{ finding: finding('password-cache-hour', fact, { place: details.place }) }];
}

const slow = 15;
const most = 31;

function highCost(facts: ConfigFacts): readonly ConfigFinding[] {
  const { value } = facts.configuration.auth.bcryptCost;
  if (!wantsMeta(facts) || value < slow) return [];
  const severity = value > most ? 'error' : 'warning';
  const details = { place: placeOf(facts, cost), severity, mends: setMends(facts, [[cost, '10']]) } as const;
  return [{ finding: finding('bcrypt-cost-high', `${told(facts, cost)}.`, details) }];
}

const { http, auth } = fields;
const asks = [http.authEnabled, auth.enabled, auth.metaAddr];

export const cacheChecks: readonly Check[] = [
  { reads: [...asks, auth.cacheExpiration], gives: ['cache-off', 'cache-long', 'password-cache-hour'], find: caches },
  { reads: [...asks, auth.bcryptCost], gives: ['bcrypt-cost-high'], find: highCost },
];

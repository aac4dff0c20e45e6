import { type ConfigField, configFields, findField, type ConfigSection } from '../../kapacitor-config/fields.js';
import { nearest } from '../../model/text.js';

/** Letters alone, as `meta-useTLS` and `META_USE_TLS` have the same. */
function letters(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const minPartLength = 4;

/** The only candidate that one condition holds for. */
function onlyMatch(all: readonly ConfigField[], holds: (field: ConfigField) => boolean): ConfigField | undefined {
  const found = all.filter(holds);
  return found.length === 1 ? found[0] : undefined;
}

function isTypo(name: string, key: string): boolean {
  const shorter = Math.min(name.length, key.length);
  return Math.abs(name.length - key.length) <= 2 && shorter >= minPartLength && isNear(name, key, shorter < 6 ? 1 : 2);
}

/** Whether one becomes the other by so many letters put in, left out or exchanged. */
function isNear(a: string, b: string, steps: number): boolean {
  if (a === b) return true;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  if (restA === '' || restB === '') return restA.length + restB.length <= steps;
  if (steps === 0) return false;
  const isSwap = restA[0] === restB[1] && restA[1] === restB[0];
  return (
    (isSwap && isNear(restA.slice(2), restB.slice(2), steps - 1)) ||
    isNear(restA.slice(1), restB.slice(1), steps - 1) ||
    isNear(restA.slice(1), restB, steps - 1) ||
    isNear(restA, restB.slice(1), steps - 1)
  );
}

/** What keys of a data node, of InfluxDB's clients and of Telegraf are called here. */
const foreignKeys: Readonly<Record<ConfigSection, ReadonlyMap<string, ConfigField>>> = {
  http: new Map(),
  auth: new Map<string, ConfigField>([
    ['metaurl', configFields.auth.metaAddr],
    ['metahost', configFields.auth.metaAddr],
    ['metatlsenabled', configFields.auth.metaUseTls],
    ['metainsecuretls', configFields.auth.metaInsecureSkipVerify],
    ['insecureskipverify', configFields.auth.metaInsecureSkipVerify],
    ['metahttpsenabled', configFields.auth.metaUseTls],
    ['internalsharedsecret', configFields.auth.metaInternalSharedSecret],
    ['sslca', configFields.auth.metaCa],
    ['tlsca', configFields.auth.metaCa],
    ['sslcert', configFields.auth.metaCert],
    ['tlscert', configFields.auth.metaCert],
    ['sslkey', configFields.auth.metaKey],
    ['tlskey', configFields.auth.metaKey],
  ]),
};

/**
 * The field of a section that a misspelt key can only mean: the same letters, one or two slips, or a part of the name
 * (`bcrypt`, `password`); undefined where there is a doubt.
 */
export function suggestField(section: ConfigSection, name: string): ConfigField | undefined {
  const all = Object.values<ConfigField>(configFields[section]);
  const word = letters(name);
  if (word.length > 60) return undefined;
  return (
    onlyMatch(all, ({ key }) => letters(key) === word) ??
    foreignKeys[section].get(word) ??
    onlyMatch(all, ({ key }) => isTypo(word, letters(key))) ??
    (word.length < minPartLength
      ? undefined
      : (onlyMatch(all, ({ key }) => letters(key).startsWith(word) || word.startsWith(letters(key))) ??
        onlyMatch(all, ({ key }) => letters(key).endsWith(word))))
  );
}

/** The nearest key of a section, perhaps not near enough to be meant. */
export function nearestKey(section: ConfigSection, name: string): string | undefined {
  return nearest(
    name,
    Object.values<ConfigField>(configFields[section]).map(({ key }) => key),
  );
}

const sections: readonly ConfigSection[] = ['http', 'auth'];

/** The section that has a key of exactly this name, letter case aside, when only one of the two has. */
export function sectionOfKey(name: string): ConfigSection | undefined {
  const having = sections.filter((section) => findField(section, name) !== undefined);
  return having.length === 1 ? having[0] : undefined;
}

/** Keys that occur in one section only, unlike `enabled`. */
export function isDistinctive(name: string): boolean {
  return name.toLowerCase() !== 'enabled' && sectionOfKey(name) !== undefined;
}

/** Keys that no other section of the daemon has (all `toml:` tags of kapacitor 1.8), so that they belong to one alone. */
export function isUnique(name: string): boolean {
  const isOfOurs = sections.some((section) => findField(section, name) !== undefined);
  return (
    isOfOurs &&
    /^(?:auth-enabled|shared-secret|bcrypt-cost|cache-expiration|pprof-enabled|https-.*|write-tracing|meta-.*)$/i.test(
      name,
    )
  );
}

const sectionTypos: Readonly<Record<ConfigSection, readonly string[]>> = {
  http: ['https', 'httpd'],
  auth: ['authentication', 'authorization', 'auths', 'authn', 'authz'],
};

/** The section that a misspelt one may mean: one of the usual slips, or near to the name. */
export function suggestSection(name: string): ConfigSection | undefined {
  const word = letters(name.slice(0, 40));
  return sections.find((section) => sectionTypos[section].includes(word) || isNear(word, section, 2));
}

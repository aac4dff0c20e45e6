import type { AccessDecision } from '../../access-matrix/decide-access.js';
import { listView, renderTable } from '../table.js';
import type { View } from '../view.js';
import { endpointCells } from '../../access-matrix/user-record-access.js';
import { everyPermission, isKapacitorPermission } from '../../model/permissions.js';
import type { AccessChange, AccessChanges, AccessItem, AccessOutcome } from '../../access-matrix/access-changes.js';
import { listedName } from '../../model/shell-command.js';
import { pluralize, showNames } from '../../model/text.js';
import { roleSentence } from '../../model/roles-in-user-records.js';
import { joinBlocks, type Text } from '../style.js';
import { markdownName, markdownTable, markdownText } from '../render.js';

const list = listView<AccessDecision>({
  columns: ['user', 'method', 'path', 'allowed', 'decided by'],
  row: ({ user, method, path, allowed, why }) => [user, method, path, allowed ? 'yes' : 'no', why],
  prose: ['decided by'],
  json: (access) => access,
  name: ({ user }) => user,
  empty: 'nobody',
});

/** A row for each request; a name for each user. */
export const accessView: View<readonly AccessDecision[]> = {
  ...list,
  extra: { ...list.extra, name: (accesses) => [...new Set(accesses.map(({ user }) => user))] },
};

/** The one word that a script reads; for people the reason below it. */
export const canIView: View<readonly AccessDecision[]> = {
  ...list,
  text: (accesses, { terminal }) =>
    accesses.flatMap(({ allowed, status, why }) => {
      const reason = status === null ? why : `${status}: ${why}`;
      return [allowed ? 'yes' : 'no', ...(terminal ? [reason] : [])];
    }),
};

/** The privileges that the endpoints of each group need. */
const privilegesOf = new Map<string, readonly string[]>();
for (const { endpoint, privilege } of endpointCells) {
  privilegesOf.set(endpoint, [...(privilegesOf.get(endpoint) ?? []), privilege]);
}
privilegesOf.delete('/ping');

const influxdbPermissions = everyPermission.filter((name) => !isKapacitorPermission(name));

/** More groups than this are told by what is missing of all. */
const maxGroups = 7;

function groupItems(items: readonly AccessItem[], of: (item: AccessItem) => string | undefined) {
  const found = new Map<string, string[]>();
  for (const item of items) {
    const key = of(item);
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), item.privilege]);
  }
  return found;
}

function endpointWords(items: readonly AccessItem[]): readonly string[] {
  const groups = groupItems(items, (item) => ('endpoint' in item ? item.endpoint : undefined));
  const whole: string[] = [];
  const parts: string[] = [];
  for (const [endpoint, given] of groups) {
    if (endpoint === '/ping') continue;
    const needed = privilegesOf.get(endpoint) ?? ['write'];
    if (needed.every((privilege) => given.includes(privilege))) whole.push(endpoint);
    else parts.push(...given.map((one) => `${one}:${endpoint}`));
  }
  const databases = whole.filter((endpoint) => !privilegesOf.has(endpoint));
  const all = whole.filter((endpoint) => privilegesOf.has(endpoint));
  if (all.length <= maxGroups) return [...all, ...databases, ...parts];
  const missing = [...privilegesOf.keys()].filter((endpoint) => !all.includes(endpoint));
  const but = missing.length === 0 ? '' : ` except ${missing.join(', ')}`;
  return [`all endpoints${but}`, ...databases, ...parts];
}

function permissionWords(items: readonly AccessItem[]): readonly string[] {
  const scopes = groupItems(items, (item) => ('database' in item ? item.database : undefined));
  return [...scopes].flatMap(([scope, names]) => {
    const has = new Set(names);
    const isAll = influxdbPermissions.every((name) => has.has(name));
    const words = isAll ? ['all InfluxDB permissions'] : names.map(listedName);
    return words.map((word) => (scope === '' ? word : `${word} on ${listedName(scope)}`));
  });
}

/** Items of access in few words: `/tasks` for all privileges on it, else `write:/config`; `ReadData on telegraf`. */
function itemWords(items: readonly AccessItem[]): readonly string[] {
  const words = [...endpointWords(items), ...permissionWords(items)];
  if (words.length > 0) return words;
  return items.some(({ privilege }) => privilege === 'none') ? ['log in'] : ['/ping'];
}

/** Whether it is only that a user can log in, or ping. */
function isPing({ items }: AccessChange): boolean {
  return items.every((item) => 'endpoint' in item && item.endpoint === '/ping');
}

/** The changes as people read them: ping is left out where anything else is told of a user. */
function shownChanges({ changes }: AccessChanges): readonly AccessChange[] {
  const told = new Set<string>();
  const untold = ({ users, outcome }: AccessChange): readonly string[] =>
    users.filter((name) => {
      const key = `${outcome} ${name}`;
      const isNew = !told.has(key);
      told.add(key);
      return isNew;
    });
  for (const one of changes) if (!isPing(one)) untold(one);
  return changes
    .map((one) => (isPing(one) ? { ...one, users: untold(one) } : one))
    .filter(({ users }) => users.length > 0);
}

const statuses: Readonly<Record<AccessChange['userStatus'], string>> = {
  created: ' (new user)',
  deleted: ' (deleted user)',
  kept: '',
};

function outcomeWord({ outcome, allowed, userStatus }: AccessChange): string {
  const word = outcome === 'unknown' ? `may be ${allowed ? 'lost' : 'gained'}` : outcome;
  return `${word}${statuses[userStatus]}`;
}

function usersWith({ changes }: AccessChanges, outcome: AccessOutcome): number {
  return new Set(changes.filter((one) => one.outcome === outcome).flatMap(({ users }) => users)).size;
}

/** `Access: 1 user gains, 2 users lose, unchanged for 3 users.` */
function summaryOf(access: AccessChanges): string {
  const [gained, lost] = [usersWith(access, 'gained'), usersWith(access, 'lost')];
  const [unknown, unchanged] = [usersWith(access, 'unknown'), usersWith(access, 'unchanged')];
  const parts = [
    ...(gained === 0 ? [] : [`${pluralize(gained, 'user')} ${gained === 1 ? 'gains' : 'gain'}`]),
    ...(lost === 0 ? [] : [`${pluralize(lost, 'user')} ${lost === 1 ? 'loses' : 'lose'}`]),
    ...(unknown === 0 ? [] : [`unknown for ${pluralize(unknown, 'user')}`]),
    ...(unchanged === 0 ? [] : [`unchanged for ${pluralize(unchanged, 'user')}`]),
  ];
  return parts.length === 0 ? 'No access changes.' : `Access: ${parts.join(', ')}.`;
}

/** Whether role permissions count, where an outcome depends on it. */
function roleNotes({ changes, rolesInUserRecords }: AccessChanges): readonly string[] {
  const depends = changes.some(
    ({ outcome, by }) => (outcome === 'unknown' || outcome === 'unchanged') && by.startsWith('role '),
  );
  return depends ? [roleSentence(rolesInUserRecords)] : [];
}

/** Users who gain what lets them create an administrator. */
function newAdminCreators({ changes }: AccessChanges): readonly string[] {
  const gaining = changes.filter(
    ({ outcome, items }) =>
      outcome === 'gained' &&
      items.some((item) => 'endpoint' in item && item.endpoint === '/users' && item.privilege === 'write'),
  );
  return [...new Set(gaining.flatMap(({ users }) => users))].sort();
}

/** What KapacitorAPI gives beside what its name says. */
const canCreateAdmins = 'can create a Kapacitor administrator, who may also use /config (POST /kapacitor/v1/users).';

function notesOf(access: AccessChanges): readonly string[] {
  const makers = newAdminCreators(access);
  const admins = makers.length === 0 ? [] : [`With KapacitorAPI, ${showNames(makers)} ${canCreateAdmins}`];
  return [...roleNotes(access), ...admins];
}

function accessText(access: AccessChanges, style: Parameters<View<AccessChanges>['text']>[1]): readonly Text[] {
  const rows = shownChanges(access).map((one) => [one.users, outcomeWord(one), itemWords(one.items), one.by]);
  const table = renderTable({ columns: ['user', 'change', 'access', 'by'], rows, prose: ['by'] }, style);
  return joinBlocks([table, [summaryOf(access), ...notesOf(access)]]);
}

/** A pull request's comment may have 65,536 characters. */
const maxCommentLength = 60_000;
const maxNamesInCell = 30;

function namesCell(names: readonly string[]): string {
  const more = names.length > maxNamesInCell ? ` and ${names.length - maxNamesInCell} more` : '';
  return `${names.slice(0, maxNamesInCell).map(markdownName).join(', ')}${more}`;
}

/** A table of as many rows as fit, and how many are left out. */
function fittingTable(columns: readonly string[], rows: readonly (readonly string[])[], length: number): string {
  let used = 0;
  const fitting = rows.filter((row) => (used += row.join(' | ').length) <= length);
  const left = rows.length - fitting.length;
  const more = left === 0 ? '' : `\n${pluralize(left, 'row')} left out: kapadmin plan --access prints all.\n`;
  return `${markdownTable(columns, fitting)}${more}`;
}

function details(title: string, text: string): string {
  return `\n<details>\n<summary>${title}</summary>\n\n${text}\n</details>\n`;
}

/** For a pull request's comment: the summary, who gains and loses, and folded what else there is. */
function accessMarkdown(access: AccessChanges): string {
  const changes = shownChanges(access);
  const row = (one: AccessChange): readonly string[] => [
    namesCell(one.users),
    outcomeWord(one),
    namesCell(itemWords(one.items)),
    markdownName(one.by),
  ];
  const [changed, unchanged] = [true, false].map((isIt) =>
    changes.filter(({ outcome }) => (outcome !== 'unchanged') === isIt).map(row),
  );
  const columns = ['user', 'change', 'access', 'by'];
  const every = access.changes.flatMap((one) => {
    const places = groupItems(one.items, (item) => ('endpoint' in item ? item.endpoint : `db:${item.database}`));
    return [...places].map(([place, privileges]) => [
      namesCell(one.users),
      outcomeWord(one),
      privileges.map(markdownName).join(', '),
      place === 'db:' ? 'all databases' : markdownName(place.replace(/^db:/, '')),
      markdownName(one.by),
    ]);
  });
  const makers = newAdminCreators(access);
  const notes = [
    ...roleNotes(access).map(markdownText),
    ...(makers.length === 0 ? [] : [`With KapacitorAPI, ${namesCell(makers)} ${markdownText(canCreateAdmins)}`]),
  ];
  const third = maxCommentLength / 3;
  return [
    `**${summaryOf(access)}**\n`,
    ...(changed?.length ? [`\n${fittingTable(columns, changed, third)}`] : []),
    ...notes.map((note) => `\n${note}\n`),
    ...(unchanged?.length
      ? [
          details(
            `Unchanged for ${pluralize(usersWith(access, 'unchanged'), 'user')}`,
            fittingTable(columns, unchanged, third),
          ),
        ]
      : []),
    ...(every.length > 0
      ? [
          details(
            'Every privilege and permission',
            fittingTable(['user', 'change', 'privilege', 'endpoint or database', 'by'], every, third),
          ),
        ]
      : []),
  ].join('');
}

function entriesOf({ changes }: AccessChanges, outcome: AccessOutcome): readonly object[] {
  const byUser = new Map<string, object[]>();
  for (const { outcome: own, users, items, allowed, by } of changes) {
    if (own !== outcome) continue;
    const more = outcome === 'unknown' || outcome === 'unchanged' ? { allowed } : {};
    for (const user of users) {
      const entries = byUser.get(user) ?? [];
      byUser.set(user, entries);
      for (const item of items) {
        const place = 'endpoint' in item ? { endpoint: item.endpoint } : { database: item.database };
        entries.push({ user, ...place, privilege: item.privilege, by, ...more });
      }
    }
  }
  return [...byUser].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, entries]) => entries);
}

/** Who gains and who loses what, in few rows; in JSON each privilege and permission by itself. */
export const accessChangesView: View<AccessChanges> = {
  text: accessText,
  json: (access) => ({
    gained: entriesOf(access, 'gained'),
    lost: entriesOf(access, 'lost'),
    unknown: entriesOf(access, 'unknown'),
    unchanged: entriesOf(access, 'unchanged'),
    rolesInUserRecords: access.rolesInUserRecords,
  }),
  extra: { markdown: accessMarkdown },
};

const maxLines = 10;
const maxNamesInLine = 5;

/** The same before a question: the summary, and a line for each of the first changes. */
export function accessLines(access: AccessChanges): readonly string[] {
  const changes = shownChanges(access).filter(({ outcome }) => outcome !== 'unchanged');
  const lines = changes.slice(0, maxLines).map((one) => {
    const words = itemWords(one.items);
    const more = words.length > maxLines ? ` and ${words.length - maxLines} more` : '';
    return `  ${showNames(one.users, maxNamesInLine)}: ${outcomeWord(one)}: ${words.slice(0, maxLines).join(', ')}${more}`;
  });
  const more = changes.length - maxLines;
  return [summaryOf(access), ...lines, ...(more > 0 ? [`  and ${more} more: kapadmin plan --access shows all`] : [])];
}

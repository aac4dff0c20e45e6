import { type Change, describePlanned, type SecretRef } from '../../mutations/change.js';
import { commandLine } from '../../model/shell-command.js';
import { pluralize, showFile, showName, showPermission } from '../../model/text.js';
import type { ProtectedChange } from '../../desired-state/protect.js';
import { joinBlocks, type Lines, plainStyle, printLines, type Style, styled, type Text } from '../style.js';
import { renderTable } from '../table.js';
import { renderMarkdown } from '../render.js';
import type { ClusterOutcome, View } from '../view.js';
import { clustersJson, failedLines, succeeded } from './several-clusters.js';
import { changeJson, changeLine, type ShownChange, shownChangeJson } from './changes.js';
import type { StateProblem } from '../../desired-state/problems.js';

/** The result of comparing passwords. */
export interface PasswordDrift {
  /** Users whose password differs from the state files. */
  readonly differing: readonly string[];
  /** Users whose password cannot be compared. */
  readonly unknown: readonly string[];
}

export interface ShownPlan {
  readonly changes: readonly Change[];
  readonly protectedChanges: readonly ProtectedChange[];
  /** Null where passwords were not compared. */
  readonly drift: PasswordDrift | null;
}

const namesInLine = 8;

function sourceOf(ref: SecretRef): string {
  switch (ref.from) {
    case 'env':
      return `from environment variable ${showName(ref.name)}`;
    case 'file':
      return `from the file ${showFile(ref.path)}`;
    case 'generate':
      return 'generated';
    case 'state':
      return `from ${showFile(ref.file)}`;
    case 'given':
      return 'given';
  }
}

/** What is usually granted for one database. */
const dataPermissions: ReadonlySet<string> = new Set(['ReadData', 'WriteData', 'DropData']);

/** `ReadData on telegraf`, `ReadData on all databases`, `KapacitorAPI` */
function permissionText(name: string, scope: string): string {
  return scope === '' && dataPermissions.has(name) ? `${name} on all databases` : showPermission(name, scope);
}

/** The lines below the name of a user or role for one of its changes. */
function detail(change: Change, { color }: Style): Text[] {
  const plus = (text: string): Text => color.green(`      + ${text}`);
  const minus = (text: string): Text => color.red(`      - ${text}`);
  switch (change.action) {
    case 'create': {
      if (change.on === 'role') return [];
      const { password, hash } = change;
      if (password !== undefined) return [plus(`password ${sourceOf(password)}`)];
      return hash === undefined ? [] : [plus(`hash ${sourceOf(hash)}`)];
    }
    case 'delete':
      return [];
    case 'change-password':
      return [color.yellow(`      ~ password ${sourceOf(change.password)}`)];
    case 'add-permissions':
    case 'remove-permissions': {
      const paint = change.action === 'add-permissions' ? plus : minus;
      return change.permissions.flatMap(({ scope, permissions }) =>
        permissions.map((name) => paint(permissionText(name, scope))),
      );
    }
    case 'add-users':
    case 'remove-users': {
      const paint = change.action === 'add-users' ? plus : minus;
      const lines: Text[] = [];
      for (let at = 0; at < change.users.length; at += namesInLine) {
        const some = change.users.slice(at, at + namesInLine);
        lines.push(paint(`${some.length === 1 ? 'member' : 'members'} ${some.map(showName).join(', ')}`));
      }
      return lines;
    }
  }
}

function head({ name, action }: Change, { color }: Style): Text {
  if (action === 'create') return color.green(`  + ${showName(name)}`);
  return action === 'delete' ? color.red(`  - ${showName(name)}`) : color.yellow(`  ~ ${showName(name)}`);
}

/** Users and roles with what becomes of them, in the order of the changes. */
function diffLines(changes: readonly Change[], style: Style): Text[] {
  const lines: Text[] = [];
  let last: Change | undefined;
  for (const change of changes) {
    if (last?.on !== change.on) lines.push(style.color.bold(`${change.on}s`));
    if (last?.on !== change.on || last.name !== change.name) lines.push(head(change, style));
    lines.push(...detail(change, style));
    last = change;
  }
  return lines;
}

function countOf(on: 'user' | 'role', changes: readonly Change[]): string[] {
  const own = changes.filter((change) => change.on === on);
  const names = (action: string): Set<string> =>
    new Set(own.filter((c) => c.action === action).map(({ name }) => name));
  const [created, deleted] = [names('create'), names('delete')];
  const changed = new Set(own.map(({ name }) => name).filter((name) => !created.has(name) && !deleted.has(name)));
  const parts = [
    [created.size, 'create'],
    [changed.size, 'change'],
    [deleted.size, 'delete'],
  ] as const;
  return parts.flatMap(([count, verb]) => (count > 0 ? [`${verb} ${pluralize(count, on)}`] : []));
}

/** `create 2 users, change 1 role` */
function summarizeChanges(changes: readonly Change[]): string {
  return [...countOf('user', changes), ...countOf('role', changes)].join(', ');
}

function protectedText({ user, reason, change }: ProtectedChange): string {
  const why = reason === 'own-account' ? 'the account of this connection' : 'the last user with CreateUserAndRole';
  return `skipped: ${describePlanned(change)}: ${showName(user)} is ${why} (to do it anyway, add --allow-lockout)`;
}

function driftTexts({ drift }: ShownPlan): readonly string[] {
  if (drift === null) return [];
  const differ = drift.differing.map((name) => `the password of ${showName(name)} differs from the state files`);
  const unknown = drift.unknown.map((name) => `the password of ${showName(name)} cannot be compared`);
  return [...differ, ...unknown];
}

function noChangesLine({ drift }: ShownPlan): string {
  const differ = drift !== null && drift.differing.length > 0;
  return differ
    ? 'No other changes. Add --set-passwords to set these passwords.'
    : 'No changes. The cluster matches the state files.';
}

function planEnd(shown: ShownPlan): string {
  return shown.changes.length === 0 ? noChangesLine(shown) : `Plan: ${summarizeChanges(shown.changes)}.`;
}

function changePlanJson(change: Change): object {
  const refs = {
    ...('password' in change ? { password: change.password } : {}),
    ...('hash' in change ? { hash: change.hash } : {}),
  };
  return { ...changeJson(change), ...refs };
}

function planText(shown: ShownPlan, style: Style): Lines {
  const asides = [...shown.protectedChanges.map(protectedText), ...driftTexts(shown)];
  return [...diffLines(shown.changes, style), ...asides.map(style.color.yellow), planEnd(shown)];
}

/** A plan as a diff; in JSON its changes, with references instead of passwords and hashes. */
export const planView: View<ShownPlan> = {
  text: planText,
  // No line begins with a backtick: names follow a sign or words.
  extra: { markdown: (shown) => `\`\`\`diff\n${printLines(planText(shown, plainStyle))}\`\`\`\n` },
  json: ({ changes, protectedChanges, drift }) => ({
    changes: changes.map(changePlanJson),
    protectedChanges: protectedChanges.map(({ user, reason, change }) => ({
      user,
      reason,
      change: changePlanJson(change),
    })),
    drift,
  }),
};

function clusterRows(shown: ShownPlan): readonly string[] {
  const left = shown.protectedChanges.map(protectedText);
  return [...shown.changes.map(describePlanned), ...left, ...driftTexts(shown)];
}

/** The plans for several clusters, a line for each change. */
export const clusterPlansView: View<readonly ClusterOutcome<ShownPlan>[]> = {
  text: (outcomes, style) => {
    const rows = succeeded(outcomes).flatMap(({ profile, data }) => clusterRows(data).map((row) => [profile, row]));
    const ends = succeeded(outcomes).map(({ profile, data }) => `${showName(profile)}: ${planEnd(data)}`);
    const table = renderTable({ columns: ['cluster', 'change'], rows, prose: ['change'] }, style);
    return joinBlocks([table, [...ends, ...failedLines(outcomes, style)]]);
  },
  json: (outcomes) => clustersJson(outcomes, planView.json),
};

/** The outcome of applying a plan. */
export interface ApplyResult {
  readonly changes: readonly ShownChange[];
  /** Files that were written; null where none was. */
  readonly undo: string | null;
  readonly passwordsOut: string | null;
}

/** More than these are counted; what failed is always named. */
const maxNamed = 50;

const pastVerbs: Readonly<Record<Change['action'], string>> = {
  create: 'created',
  delete: 'deleted',
  'change-password': 'set the passwords of',
  'add-permissions': 'granted permissions to',
  'remove-permissions': 'revoked permissions from',
  'add-users': 'added members to',
  'remove-users': 'removed members from',
};

/** `created 20000 users, granted permissions to 20000 users` */
function counted(changes: readonly ShownChange[]): string {
  const groups = new Map<string, { readonly change: Change; readonly names: Set<string> }>();
  for (const { change } of changes) {
    const key = `${change.action} ${change.on}`;
    const group = groups.get(key) ?? { change, names: new Set<string>() };
    group.names.add(change.name);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ change, names }) => `${pastVerbs[change.action]} ${pluralize(names.size, change.on)}`)
    .join(', ');
}

function rollbackLine(undo: string): string {
  const command = commandLine('kapadmin apply', [undo], ['--prune']);
  return `The previous state was saved to ${showFile(undo)}. To roll back: ${command}`;
}

/** Each change that was done, or how many; each that was not. */
export const applyView: View<ApplyResult> = {
  text: ({ changes, undo, passwordsOut }, style) => {
    const done = changes.filter(({ status }) => status === 'done');
    const wrong = changes.filter(({ status }) => status === 'failed' || status === 'unknown');
    const left = changes.filter(({ status }) => status === 'not-started');
    const told =
      done.length > maxNamed ? [`Done: ${counted(done)}.`] : done.map((entry) => changeLine(entry, style) ?? '');
    const files = [
      ...(undo === null ? [] : [rollbackLine(undo)]),
      ...(passwordsOut === null ? [] : [`Generated passwords were saved to ${showFile(passwordsOut)}.`]),
    ];
    const notStarted =
      left.length > maxNamed
        ? [styled`${style.color.yellow('not started:')} ${summarizeChanges(left.map(({ change }) => change))}`]
        : left.map((entry) => changeLine(entry, style) ?? '');
    const failed = wrong.flatMap((entry) => changeLine(entry, style) ?? []);
    const lines = [...told, ...failed, ...notStarted, ...files];
    return changes.every(({ status }) => status === 'unchanged')
      ? ['No changes. The cluster matches the state files.']
      : lines;
  },
  json: ({ changes, undo, passwordsOut }) => ({ changes: changes.map(shownChangeJson), undo, passwordsOut }),
};

/** Advice and problems of state files, one a line, as editors and CI jobs read them. */
export const lintView: View<readonly StateProblem[]> = {
  text: (problems, { color }) => {
    if (problems.length === 0) return ['No problems found.'];
    return problems.map(({ severity, code, message, hint, file, line, column }) => {
      const paint = severity === 'error' ? color.red : color.yellow;
      const more = hint === undefined ? '' : ` (${hint})`;
      return styled`${file}:${line}:${column}: ${paint(severity)}: ${message}${more} [${code}]`;
    });
  },
  extra: {
    markdown: (problems) =>
      problems.length === 0
        ? 'No problems found.\n'
        : renderMarkdown({
            columns: ['file', 'severity', 'problem', 'rule'],
            rows: problems.map(({ severity, code, message, hint, file, line, column }) => {
              const more = hint === undefined ? '' : ` (${hint})`;
              return [`${file}:${line}:${column}`, severity, `${message}${more}`, code];
            }),
          }),
  },
  json: (problems) =>
    problems.map(({ severity, code, message, hint, file, line, column }) => {
      return { file, line, column, severity, rule: code, message, ...(hint === undefined ? {} : { hint }) };
    }),
};

import type { KapadminError } from '../../errors.js';
import { showName } from '../../model/text.js';
import { type Lines, type Style, styled } from '../style.js';
import { type ListDescription, listView } from '../table.js';
import type { ClusterOutcome, View } from '../view.js';

type Outcomes<T> = readonly ClusterOutcome<T>[];

export function succeeded<T>(outcomes: Outcomes<T>): readonly { readonly profile: string; readonly data: T }[] {
  return outcomes.flatMap((one) => ('data' in one ? [one] : []));
}

function errorJson({ code, message, list, hint }: KapadminError): object {
  return { code, message: [message, ...list].join('\n'), ...(hint === undefined ? {} : { hint }) };
}

/** `result` is what the command prints for one cluster. */
export function clustersJson<T>(outcomes: Outcomes<T>, json: (data: T) => unknown): unknown {
  return outcomes.map((one) =>
    'data' in one
      ? { profile: one.profile, result: json(one.data) }
      : { profile: one.profile, error: errorJson(one.error) },
  );
}

/** The clusters that no table lists. */
export function failedLines<T>(outcomes: Outcomes<T>, { color }: Style): Lines {
  return outcomes.flatMap((one): Lines => {
    if ('data' in one) return [];
    const { message, list, hint } = one.error;
    const more = hint === undefined ? list : [...list, hint];
    return [styled`${showName(one.profile)}: ${color.red('failed')}: ${message}`, ...more.map((line) => `  ${line}`)];
  });
}

/** The lists of several clusters as one, with the cluster in the first column. */
export function clusterListsView<T>(description: ListDescription<T>): View<Outcomes<readonly T[]>> {
  const { columns, row, csvRow = row, json, name } = description;
  const list = listView<{ readonly profile: string; readonly item: T }>({
    ...description,
    columns: ['cluster', ...columns],
    row: ({ profile, item }) => [profile, ...row(item)],
    csvRow: ({ profile, item }) => [profile, ...csvRow(item)],
    json: ({ item }) => json(item),
    name: ({ item }) => name(item),
  });
  const rows = (outcomes: Outcomes<readonly T[]>) =>
    succeeded(outcomes).flatMap(({ profile, data }) => data.map((item) => ({ profile, item })));
  return {
    text: (outcomes, style) => {
      const table = succeeded(outcomes).length === 0 ? [] : (list.text(rows(outcomes), style) as Lines);
      return [...table, ...failedLines(outcomes, style)];
    },
    json: (outcomes) => clustersJson(outcomes, (items) => items.map(json)),
    extra: {
      csv: (outcomes) => list.extra.csv(rows(outcomes)),
      name: (outcomes) => list.extra.name(rows(outcomes)),
    },
  };
}
